package io.breakwater.collector.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The collector's API as the verbs use it. Built on the JDK's plain connection, which starts in a
 * few milliseconds.
 */
final class ApiClient {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONNECT_MILLIS = 3_000;
  private static final int READ_MILLIS = 15_000;

  private final URI base;
  private final @Nullable String token;
  private final @Nullable SSLContext tls;

  /**
   * A client.
   *
   * @param tls whom to trust and who we are; null for what the JDK trusts
   */
  ApiClient(URI base, @Nullable String token, @Nullable SSLContext tls) {
    this.base = base;
    this.token = token;
    this.tls = tls;
  }

  /** A path segment with everything odd encoded. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) throws CommandException {
    HttpURLConnection connection = open(path, "GET", READ_MILLIS);
    try {
      return JSON.readTree(body(connection));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Lines of JSON, in the order they come. */
  List<JsonNode> lines(String path) throws CommandException {
    HttpURLConnection connection = open(path, "GET", READ_MILLIS);
    connection.setRequestProperty("Accept", "application/x-ndjson");
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader in = reader(body(connection))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(JSON.readTree(line));
      }
      return lines;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  JsonNode post(String path, JsonNode content) throws CommandException {
    HttpURLConnection connection = open(path, "POST", READ_MILLIS);
    connection.setRequestProperty("X-Breakwater-Request", "1");
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    try {
      try (OutputStream out = connection.getOutputStream()) {
        out.write(JSON.writeValueAsBytes(content));
      }
      return JSON.readTree(body(connection));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** A stream of lines that goes on until the collector ends it. */
  BufferedReader stream(String path) throws CommandException {
    return reader(body(open(path, "GET", 0)));
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private HttpURLConnection open(String path, String method, int readMillis)
      throws CommandException {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(base + path).toURL().openConnection();
      if (tls != null && connection instanceof HttpsURLConnection secure) {
        secure.setSSLSocketFactory(tls.getSocketFactory());
      }
      connection.setInstanceFollowRedirects(false); // the token is for this address only
      connection.setRequestMethod(method);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(readMillis);
      if (token != null) {
        connection.setRequestProperty("Authorization", "Bearer " + token);
      }
      return connection;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private InputStream body(HttpURLConnection connection) throws CommandException {
    try {
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_OK) {
        return connection.getInputStream();
      }
      throw refused(status, connection.getErrorStream());
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private CommandException refused(int status, @Nullable InputStream body) throws IOException {
    String text =
        body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
    String message = explanation(status, text);
    if (status == HttpURLConnection.HTTP_CONFLICT) {
      return new CommandException(ExitCode.FINDING, message);
    }
    return new CommandException(status >= 500 ? ExitCode.UNREACHABLE : ExitCode.USAGE, message);
  }

  private String explanation(int status, String body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json != null && json.hasNonNull("error")) {
        return json.path("error").asText()
            + " (expected: "
            + json.path("expected").asText()
            + (status == HttpURLConnection.HTTP_UNAUTHORIZED ? "; see --token" : "")
            + ")";
      }
    } catch (JsonProcessingException e) {
      // not the collector's own words: said below
    }
    return base + " answered " + status + ", not as a collector does (expected: its address)";
  }

  private CommandException unreachable(IOException e) {
    return new CommandException(
        ExitCode.UNREACHABLE,
        "cannot reach "
            + base
            + ": "
            + e.getMessage()
            + (e instanceof SSLException
                ? " (expected: a certificate that --cacert or the JDK trusts, for this host)"
                : " (expected: a running collector; see --url)"),
        e);
  }
}
