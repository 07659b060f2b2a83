package io.breakwater.collector.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces <code>${env:NAME}</code>, <code>${env:NAME:-default}</code> and <code>${file:/path}
 * </code> by what they refer to; a second dollar sign in front keeps the text as it is.
 */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)}?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int MAX_BYTES = 1 << 16;
  private static final String FORMS =
      "(expected: ${env:NAME}, ${env:NAME:-default} or ${file:/path})";

  private final Function<String, @Nullable String> environment;
  private final Secrets.Gathered secrets = new Secrets.Gathered();

  References(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  /** What was found behind references so far, and values that were said to be secret. */
  Secrets.Gathered secrets() {
    return secrets;
  }

  static boolean in(String raw) {
    return raw.contains("${");
  }

  /**
   * The text with all references replaced.
   *
   * @throws IllegalArgumentException naming the reference that leads nowhere, never a value
   */
  String resolve(String raw) {
    Matcher matcher = REFERENCE.matcher(raw);
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String reference = matcher.group(1);
      String value = reference == null ? "${" : value(matcher.group(), reference);
      matcher.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(text).toString();
  }

  private String value(String written, String reference) {
    if (!written.endsWith("}")) {
      throw new IllegalArgumentException("\"${\" without \"}\" " + FORMS);
    }
    if (reference.startsWith("env:")) {
      String value = variable(written, reference.substring("env:".length()));
      if (!written.endsWith(":-" + value + "}")) {
        secrets.add(value, written);
      }
      return value;
    }
    if (reference.startsWith("file:")) {
      String value = content(reference.substring("file:".length()));
      secrets.add(value, written);
      return value;
    }
    throw new IllegalArgumentException(written + " " + FORMS);
  }

  private String variable(String written, String reference) {
    int bar = reference.indexOf(":-");
    String name = bar < 0 ? reference : reference.substring(0, bar);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(written + " " + FORMS);
    }
    String value = environment.apply(name);
    if (value != null && !value.isEmpty()) {
      return value;
    }
    if (bar < 0) {
      throw new IllegalArgumentException(
          "environment variable "
              + name
              + (value == null ? " is not set" : " is empty")
              + " (expected: set it, or give a default: ${env:"
              + name
              + ":-default})");
    }
    return reference.substring(bar + 2);
  }

  /** The text in a file; a device or pipe, which may never end, is refused. */
  private static String content(String file) {
    try {
      Path path = Path.of(file);
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new IllegalArgumentException(file + " is not a file (expected: one with a text)");
      }
      try (InputStream in = Files.newInputStream(path)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new IllegalArgumentException(
              "file " + file + " has over " + MAX_BYTES + " bytes (expected: a short text)");
        }
        String content =
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return content.endsWith("\n") ? content.stripTrailing() : content;
      }
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("file " + file + " does not exist", e);
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }
}
