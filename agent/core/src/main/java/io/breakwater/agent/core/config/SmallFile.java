package io.breakwater.agent.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads files that settings name, before the host's {@code main}: they must neither keep it waiting
 * nor fill its memory. So no pipes or devices, and at most {@value #MOST_BYTES} bytes.
 */
final class SmallFile {
  static final int MOST_BYTES = 1 << 20;

  private SmallFile() {}

  /**
   * The text of a file.
   *
   * @throws IOException if it is not there, not a regular file, too large, or not UTF-8
   */
  static String text(Path file) throws IOException {
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new FileSystemException(file.toString(), null, "larger than " + MOST_BYTES);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }
}
