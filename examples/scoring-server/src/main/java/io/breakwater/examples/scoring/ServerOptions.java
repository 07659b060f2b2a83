package io.breakwater.examples.scoring;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The server's command line.
 *
 * @param model the model file, or null for the bundled one
 * @param bundled which of the bundled models
 * @param name what to call the model, or empty for the name in its metadata
 * @param port where to listen, 0 for any free one
 * @param schema how requests become tensors
 * @param threads how many requests are answered at the same time
 */
record ServerOptions(
    @Nullable Path model,
    String bundled,
    String name,
    String host,
    int port,
    RequestSchema schema,
    int threads) {
  static final String USAGE =
      """
      usage: java -jar scoring-server.jar [--model FILE | --bundled NAME] [options]
        --model FILE    an ONNX model with the metadata keys breakwater.version and breakwater.features;
                        POST /v2/repository/models/NAME/load reads it again
        --bundled NAME  California housing, version 1 (default) or 2; see the README for more
        --name NAME     the model's name in addresses (default: metadata key breakwater.model)
        --host HOST     address to listen on (default: 127.0.0.1)
        --port PORT     0 = any free one (default: 8080)
        --schema v1|v2  how requests become tensors; v2 has the demo's bug (default: v1)
        --threads N     requests answered at the same time (default: 16)
      """;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException when it makes no sense
   */
  static ServerOptions parse(String... args) {
    Path model = null;
    String bundled = "1";
    String name = "";
    String host = "127.0.0.1";
    int port = 8080;
    RequestSchema schema = RequestSchema.V1;
    int threads = 16;
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + ": no value");
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--model" -> model = Path.of(value);
        case "--bundled" -> bundled = value;
        case "--name" -> name = value;
        case "--host" -> host = value;
        case "--port" -> port = number(args[i], value, 0, 65_535);
        case "--schema" -> schema = RequestSchema.of(value);
        case "--threads" -> threads = number(args[i], value, 1, 1_000);
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    return new ServerOptions(model, bundled, name, host, port, schema, threads);
  }

  private static int number(String option, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as for any other wrong value
    }
    throw new IllegalArgumentException(
        option + ": " + value + " (expected: " + least + " to " + most + ")");
  }
}
