package io.breakwater.collector.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority made with the JDK's keytool, and what it signed, as PEM files. */
public final class Certificates {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final Path store;

  /** An authority that lives in {@code folder}. */
  public Certificates(Path folder) throws Exception {
    this.folder = folder;
    this.store = folder.resolve("store.p12");
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c");
    write("ca", "ca", false);
  }

  /** Signs a key pair; {@code NAME.pem} and {@code NAME.key} hold it afterwards. */
  public Certificates sign(String name, String dname, String san) throws Exception {
    keytool("-genkeypair", "-alias", name, "-dname", dname, "-ext", "san=" + san, "-signer", "ca");
    write(name, name, true);
    return this;
  }

  private void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", "-storetype", "PKCS12"));
    command.addAll(
        List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD), "-noprompt"));
    Path log = folder.resolve("keytool.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(log));
    }
  }

  private void write(String alias, String name, boolean withKey) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    StringBuilder chain = new StringBuilder();
    for (Certificate one : keys.getCertificateChain(alias)) {
      chain.append(pem("CERTIFICATE", one.getEncoded()));
    }
    Files.writeString(file(name + ".pem"), chain);
    if (withKey) {
      Key key = keys.getKey(alias, PASSWORD);
      Files.writeString(file(name + ".key"), pem("PRIVATE KEY", key.getEncoded()));
    }
  }

  private static String pem(String what, byte[] der) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  /** A file of the folder. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Puts one file's content in another's place. */
  public void replace(String name, String by) throws IOException {
    Files.copy(file(by), file(name), StandardCopyOption.REPLACE_EXISTING);
  }
}
