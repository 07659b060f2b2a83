package io.breakwater.collector.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS towards a collector. */
public final class ClientTls {
  private static final char[] NO_PASSWORD = new char[0];

  private ClientTls() {}

  /**
   * Whom to trust, and who we are.
   *
   * @param trusted PEM file with certificates to trust; null for those of the JDK
   * @param certificate PEM file with the certificate to show, or null
   * @param key PEM file with its private key, or null
   * @throws TlsException naming the file that cannot be used
   */
  public static SSLContext context(
      @Nullable Path trusted, @Nullable Path certificate, @Nullable Path key) throws TlsException {
    try {
      TrustManager[] trust = trusted == null ? null : trust(trusted);
      KeyManager[] keys = certificate == null || key == null ? null : keys(certificate, key);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trust(Path file)
      throws TlsException, GeneralSecurityException, IOException {
    KeyStore store = empty();
    for (X509Certificate certificate : Pem.certificates(file)) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keys(Path certificate, Path key)
      throws TlsException, GeneralSecurityException, IOException {
    KeyStore store = empty();
    X509Certificate[] chain = Pem.certificates(certificate).toArray(new X509Certificate[0]);
    store.setKeyEntry("client", Pem.key(key), NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
