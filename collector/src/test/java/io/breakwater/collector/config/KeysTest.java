package io.breakwater.collector.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parser, the JSON Schema and the documentation know the same keys. */
class KeysTest {
  private static final Path DOCS = Path.of("../docs/configuration.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

  static Stream<Keys> sections() {
    return Keys.SECTIONS.stream();
  }

  @ParameterizedTest
  @MethodSource("sections")
  void section_isTheSameInTheSchema(Keys keys) throws Exception {
    JsonNode section = schema().path("$defs").path(keys.section());

    assertThat(section.path("additionalProperties").asBoolean(true)).isFalse();
    Set<String> names = new TreeSet<>();
    section.path("properties").fieldNames().forEachRemaining(names::add);
    assertThat(names).isEqualTo(keys.known());
  }

  @Test
  void schema_hasNoFurtherSections() throws Exception {
    Set<String> names = new TreeSet<>();
    schema().path("$defs").fieldNames().forEachRemaining(names::add);

    assertThat(names).containsExactlyInAnyOrderElementsOf(sections().map(Keys::section).toList());
  }

  @ParameterizedTest
  @MethodSource("sections")
  void section_isTheSameInTheDocumentation(Keys keys) throws Exception {
    String docs = Files.readString(DOCS);
    String heading = "### Section `" + keys.section() + "`\n";
    assertThat(docs).contains(heading);
    int start = docs.indexOf(heading) + heading.length();
    int end = docs.indexOf("\n#", start);
    Matcher rows = ROW.matcher(docs.substring(start, end < 0 ? docs.length() : end));

    Set<String> names = new TreeSet<>();
    while (rows.find()) {
      names.add(rows.group(1));
    }
    assertThat(names).isEqualTo(keys.known());
  }

  private static JsonNode schema() throws Exception {
    try (InputStream in = KeysTest.class.getResourceAsStream("/breakwater.schema.json")) {
      return new ObjectMapper().readTree(in);
    }
  }
}
