package io.breakwater.agent.core.config;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where metrics go, and how. Immutable. */
public final class OtlpEndpoint {
  private final URI url;
  private final Map<String, String> headers;
  private final @Nullable String certificate;
  private final @Nullable String clientCertificate;
  private final @Nullable String clientKey;
  private final Duration timeout;
  private final boolean gzip;

  OtlpEndpoint(
      URI url,
      Map<String, String> headers,
      @Nullable String certificate,
      @Nullable String clientCertificate,
      @Nullable String clientKey,
      Duration timeout,
      boolean gzip) {
    this.url = url;
    this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    this.certificate = certificate;
    this.clientCertificate = clientCertificate;
    this.clientKey = clientKey;
    this.timeout = timeout;
    this.gzip = gzip;
  }

  /** The full address, with {@code /v1/metrics}; may hold secrets. */
  public URI url() {
    return url;
  }

  /** The full address for people: without user and password, and without a query. */
  public String address() {
    int port = url.getPort();
    return url.getScheme()
        + "://"
        + url.getHost()
        + (port < 0 ? "" : ":" + port)
        + (url.getRawPath() == null ? "" : url.getRawPath());
  }

  /** Headers of every request; they hold secrets. */
  public Map<String, String> headers() {
    return headers;
  }

  /** File with the certificates to trust, as PEM; null for the JDK's. */
  public @Nullable String certificate() {
    return certificate;
  }

  /** File with the certificate to show, as PEM, or null. */
  public @Nullable String clientCertificate() {
    return clientCertificate;
  }

  /** File with that certificate's private key, as PEM, or null. */
  public @Nullable String clientKey() {
    return clientKey;
  }

  /** How long one request may take. */
  public Duration timeout() {
    return timeout;
  }

  /** Whether requests are compressed. */
  public boolean gzip() {
    return gzip;
  }
}
