package io.breakwater.collector.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM. Messages name the file and never show what is in it. */
public final class Pem {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ([A-Z ]*)PRIVATE KEY-----([A-Za-z0-9+/=\\s]*+)-----END [A-Z ]*PRIVATE KEY-----");

  private Pem() {}

  /**
   * The bytes of a file.
   *
   * @throws TlsException when it cannot be read, or has over a megabyte
   */
  static byte[] bytes(Path file) throws TlsException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new TlsException(file + ": over a megabyte (expected: a PEM file)");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new TlsException(file + ": no such file (expected: a PEM file)", e);
    } catch (IOException e) {
      throw new TlsException(
          file + ": cannot be read, " + e.getClass().getSimpleName() + " (expected: a PEM file)",
          e);
    }
  }

  /**
   * The certificates in a file, at least one.
   *
   * @throws TlsException when it cannot be read or has none
   */
  public static List<X509Certificate> certificates(Path file) throws TlsException {
    return certificates(file, bytes(file));
  }

  static List<X509Certificate> certificates(Path file, byte[] pem) throws TlsException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        certificates.add((X509Certificate) one);
      }
    } catch (CertificateException e) {
      throw new TlsException(file + ": holds no certificate (expected: PEM, X.509)", e);
    }
    if (certificates.isEmpty()) {
      throw new TlsException(file + ": holds no certificate (expected: PEM, X.509)");
    }
    return certificates;
  }

  /**
   * The private key in a file.
   *
   * @throws TlsException when it cannot be read or has none that can be used
   */
  public static PrivateKey key(Path file) throws TlsException {
    return key(file, bytes(file));
  }

  static PrivateKey key(Path file, byte[] pem) throws TlsException {
    Matcher found = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    if (!found.find()) {
      throw new TlsException(file + ": holds no private key (expected: PEM, PKCS #8)");
    }
    String form = found.group(1).strip();
    if (!form.isEmpty()) {
      throw new TlsException(
          file
              + ": holds a private key of form "
              + form
              + " (expected: PKCS #8 without a password, as from: openssl pkcs8 -topk8 -nocrypt)");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(found.group(2));
      for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
          // the next one
        }
      }
    } catch (IllegalArgumentException e) {
      throw unusable(file); // without the cause: it may show a part of the key
    }
    throw unusable(file);
  }

  private static TlsException unusable(Path file) {
    return new TlsException(
        file + ": the private key cannot be read (expected: PEM, PKCS #8, of kind EC, RSA, EdDSA)");
  }
}
