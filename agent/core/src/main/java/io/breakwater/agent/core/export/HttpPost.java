package io.breakwater.agent.core.export;

import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.ProxyOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One POST after the other to one address, on {@link HttpURLConnection}: the JDK's own client costs
 * 330 ms of CPU and 30 MiB the first time it is used.
 */
final class HttpPost implements Delivery.Post {
  private static final int MAX_BODY_READ = 1 << 16;

  private final HttpSenderConfig config;
  private final URL url;
  private volatile @Nullable HttpURLConnection open;

  HttpPost(HttpSenderConfig config) throws IOException {
    this.config = config;
    this.url = config.getEndpoint().toURL();
  }

  @Override
  public int send(byte[] body) throws IOException {
    HttpURLConnection connection = open();
    open = connection;
    try {
      return send(body, connection);
    } finally {
      open = null;
    }
  }

  @Override
  public void abort() {
    HttpURLConnection connection = open;
    if (connection != null) {
      connection.disconnect();
    }
  }

  private int send(byte[] body, HttpURLConnection connection) throws IOException {
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setUseCaches(false);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(millis(config.getConnectTimeout().toMillis()));
    connection.setReadTimeout(millis(config.getTimeout().toMillis()));
    connection.setFixedLengthStreamingMode(body.length);
    setHeaders(connection);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    int status = connection.getResponseCode();
    if (status < 0) {
      connection.disconnect();
      throw new IOException("the answer is not HTTP");
    }
    finish(connection, status);
    return status;
  }

  private HttpURLConnection open() throws IOException {
    ProxyOptions proxies = config.getProxyOptions();
    Proxy proxy = proxies == null ? null : firstOf(proxies);
    URLConnection connection = proxy == null ? url.openConnection() : url.openConnection(proxy);
    SSLContext tls = config.getSslContext();
    if (tls != null && connection instanceof HttpsURLConnection) {
      ((HttpsURLConnection) connection).setSSLSocketFactory(tls.getSocketFactory());
    }
    return (HttpURLConnection) connection;
  }

  private @Nullable Proxy firstOf(ProxyOptions proxies) {
    List<Proxy> found = proxies.getProxySelector().select(config.getEndpoint());
    return found == null || found.isEmpty() ? null : found.get(0);
  }

  private static int millis(long millis) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, millis));
  }

  private void setHeaders(HttpURLConnection connection) {
    Map<String, List<String>> headers = config.getHeadersSupplier().get();
    if (headers != null) {
      headers.forEach(
          (name, values) -> values.forEach(value -> connection.addRequestProperty(name, value)));
    }
    connection.setRequestProperty("Content-Type", config.getContentType());
    Compressor compressor = config.getCompressor();
    if (compressor != null) {
      connection.setRequestProperty("Content-Encoding", compressor.getEncoding());
    }
  }

  /**
   * Reads the answer to its end, so that the connection can be used again; gives up on a long one.
   */
  private void finish(HttpURLConnection connection, int status) throws IOException {
    InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    if (in == null) {
      return;
    }
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.getTimeout().toMillis());
    byte[] buffer = new byte[1024];
    int read = 0;
    try (InputStream body = in) {
      int length = body.read(buffer);
      while (length >= 0 && read < MAX_BODY_READ && System.nanoTime() < end) {
        read += length;
        length = body.read(buffer);
      }
      if (length >= 0) {
        connection.disconnect();
      }
    }
  }
}
