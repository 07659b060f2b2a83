package io.breakwater.collector.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
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

  private Remote() {}

  ApiClient client() throws CommandException {
    return new ApiClient(address(), token == null ? fromEnvironment(System.getenv()) : token);
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
