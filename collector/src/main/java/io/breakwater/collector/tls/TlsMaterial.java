package io.breakwater.collector.tls;

import com.linecorp.armeria.common.TlsKeyPair;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;

/**
 * What {@link TlsFiles} hold at one time, found to be usable.
 *
 * @param clientCas who may sign client certificates; empty when clients show none
 * @param digest of the files' bytes
 */
record TlsMaterial(TlsKeyPair pair, List<X509Certificate> clientCas, String digest) {
  /** The bytes of all files, read once so that what is checked is what is used. */
  static final class Raw {
    private final byte[] certificate;
    private final byte[] key;
    private final byte[] clientCa;

    private Raw(byte[] certificate, byte[] key, byte[] clientCa) {
      this.certificate = certificate;
      this.key = key;
      this.clientCa = clientCa;
    }

    static Raw read(TlsFiles files) throws TlsException {
      Path ca = files.clientCa();
      return new Raw(
          Pem.bytes(files.certificate()),
          Pem.bytes(files.key()),
          ca == null ? new byte[0] : Pem.bytes(ca));
    }

    String digest() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] part : List.of(certificate, key, clientCa)) {
          digest.update(Integer.toString(part.length).getBytes(StandardCharsets.US_ASCII));
          digest.update((byte) 0);
          digest.update(part);
        }
        return HexFormat.of().formatHex(digest.digest());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  /**
   * Takes what was read from {@code files}.
   *
   * @throws TlsException when a part cannot be used or the parts do not belong together
   */
  static TlsMaterial of(TlsFiles files, Raw raw, Instant now) throws TlsException {
    List<X509Certificate> chain = Pem.certificates(files.certificate(), raw.certificate);
    PrivateKey key = Pem.key(files.key(), raw.key);
    checkFits(files, key, chain.get(0));
    checkTime(files.certificate(), chain.get(0), now);
    Path ca = files.clientCa();
    return new TlsMaterial(
        TlsKeyPair.of(key, chain),
        ca == null ? List.of() : Pem.certificates(ca, raw.clientCa),
        raw.digest());
  }

  private static void checkTime(Path file, X509Certificate certificate, Instant now)
      throws TlsException {
    try {
      certificate.checkValidity(Date.from(now));
    } catch (CertificateExpiredException e) {
      throw new TlsException(
          file
              + ": expired at "
              + certificate.getNotAfter().toInstant()
              + " (expected: a valid one)",
          e);
    } catch (CertificateNotYetValidException e) {
      throw new TlsException(
          file
              + ": valid from "
              + certificate.getNotBefore().toInstant()
              + " on (expected: one that is valid now)",
          e);
    }
  }

  private static void checkFits(TlsFiles files, PrivateKey key, X509Certificate certificate)
      throws TlsException {
    boolean fits;
    try {
      byte[] probe = {1, 2, 3};
      Signature signature = Signature.getInstance(algorithm(key));
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      fits = signature.verify(signed);
    } catch (GeneralSecurityException e) {
      fits = false;
    }
    if (!fits) {
      throw new TlsException(
          files.key() + ": is not the key of " + files.certificate() + " (expected: its own key)");
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "EdDSA";
    };
  }
}
