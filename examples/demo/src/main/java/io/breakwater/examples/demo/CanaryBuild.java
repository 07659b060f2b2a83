package io.breakwater.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The model file that the canary serves, and its replacement while it serves. */
final class CanaryBuild {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path scoringServerJar;
  private final Path file;

  /**
   * A file that is not there yet.
   *
   * @param scoringServerJar has the builds
   * @param file what the canary's server is told to serve
   */
  CanaryBuild(Path scoringServerJar, Path file) {
    this.scoringServerJar = scoringServerJar;
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Puts a build in the file's place. */
  void put(String build) throws IOException {
    String name = "io/breakwater/examples/scoring/" + Stack.MODEL + "-" + build + ".onnx";
    try (ZipFile jar = new ZipFile(scoringServerJar.toFile())) {
      ZipEntry entry = jar.getEntry(name);
      if (entry == null) {
        throw new IOException(scoringServerJar + " has no " + name);
      }
      try (InputStream model = jar.getInputStream(entry)) {
        Files.copy(model, file, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Makes the canary's server load the file again; calls go on meanwhile. */
  void load(URI server) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/v2/repository/models/" + Stack.MODEL + "/load"))
            .timeout(PATIENCE)
            .POST(BodyPublishers.noBody())
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("the canary did not load its new build: " + response.body());
    }
  }
}
