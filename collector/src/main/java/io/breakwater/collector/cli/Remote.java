package io.breakwater.collector.cli;

import io.breakwater.collector.tls.ClientTls;
import io.breakwater.collector.tls.TlsException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which collector a verb talks to. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class Remote {
  private static final String TOKEN_VARIABLE = "BREAKWATER_TOKEN";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://localhost:9470",
      description = "The collector's address (default: ${DEFAULT-VALUE}).")
  private String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Bearer token; better given in the environment variable " + TOKEN_VARIABLE + ".")
  private @Nullable String token;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File that holds the bearer token.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "PEM file with the certificates to trust (default: those of the JDK).")
  private @Nullable Path caCertificates;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "PEM file with the certificate to show, for a collector with client-ca.")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PEM file with the private key of --cert, PKCS #8.")
  private @Nullable Path key;

  private Remote() {}

  ApiClient client() throws CommandException {
    return new ApiClient(address(), token(), tls());
  }

  private @Nullable String token() throws CommandException {
    if (token != null && tokenFile != null) {
      throw new CommandException(
          ExitCode.USAGE, "--token and --token-file together (expected: one of them)");
    }
    if (tokenFile == null) {
      return token == null ? fromEnvironment(System.getenv()) : token;
    }
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.USAGE,
          "--token-file: " + tokenFile + " (expected: a readable file that holds the token)",
          e);
    }
  }

  private @Nullable SSLContext tls() throws CommandException {
    if ((certificate == null) != (key == null)) {
      throw new CommandException(
          ExitCode.USAGE, "--cert or --key alone (expected: both of them, or none)");
    }
    try {
      return caCertificates == null && certificate == null
          ? null
          : ClientTls.context(caCertificates, certificate, key);
    } catch (TlsException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private URI address() throws CommandException {
    try {
      URI address = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (http && address.getHost() != null) {
        return address;
      }
    } catch (URISyntaxException e) {
      throw wrong(e);
    }
    throw wrong(null);
  }

  private CommandException wrong(@Nullable Throwable cause) {
    return new CommandException(
        ExitCode.USAGE,
        "--url: " + url + " (expected: an address such as http://localhost:9470)",
        cause);
  }

  private static @Nullable String fromEnvironment(Map<String, String> environment) {
    return environment.get(TOKEN_VARIABLE);
  }
}
