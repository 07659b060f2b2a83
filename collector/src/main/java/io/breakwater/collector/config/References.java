package io.breakwater.collector.config;

import java.io.IOException;
import java.nio.file.Files;
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
  private static final String FORMS =
      "(expected: ${env:NAME}, ${env:NAME:-default} or ${file:/path})";

  private final Function<String, @Nullable String> environment;

  References(Function<String, @Nullable String> environment) {
    this.environment = environment;
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
      return variable(written, reference.substring("env:".length()));
    }
    if (reference.startsWith("file:")) {
      return content(reference.substring("file:".length()));
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

  private static String content(String file) {
    try {
      String content = Files.readString(Path.of(file));
      return content.endsWith("\n") ? content.stripTrailing() : content;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("file " + file + " does not exist", e);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }
}
