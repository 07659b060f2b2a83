package io.breakwater.backend.haproxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@code show} commands print (HAProxy management guide, section 9). */
final class Answers {
  private static final int ADMIN_CONFIGURED =
      0x04; // was out when the process started; tells no more
  private static final int STARTING = 1;
  private static final int RUNNING = 2;
  private static final int AGENT_ENABLED = 0x04;

  private static final Set<String> LEVELS = Set.of("user", "operator", "admin");

  private Answers() {}

  /**
   * Rows of {@code show servers state} and {@code show stat} by column name, and lines of {@code
   * show info}, told apart by their form.
   */
  static List<Map<String, String>> serverRows(String answer, String backend) {
    List<Map<String, String>> rows = new ArrayList<>();
    String[] header = {};
    for (String line : answer.split("\n", -1)) {
      if (line.startsWith("# be_id ")) {
        header = line.substring(2).split(" ", -1);
      } else if (header.length > 0 && line.split(" ", -1).length == header.length) {
        Map<String, String> row = row(header, line.split(" ", -1));
        if (backend.equals(row.get("be_name"))) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  static List<Map<String, String>> statRows(String answer, String backend) {
    List<Map<String, String>> rows = new ArrayList<>();
    String[] header = {};
    for (String line : answer.split("\n", -1)) {
      if (line.startsWith("# pxname,")) {
        header = line.substring(2).split(",", -1);
      } else if (header.length > 0 && line.startsWith(backend + ",")) {
        rows.add(row(header, csv(line)));
      }
    }
    return rows;
  }

  /** The value of a {@code Key: value} line; null when there is none. */
  static @Nullable String info(String answer, String key) {
    String prefix = key + ": ";
    return answer
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .findFirst()
        .orElse(null);
  }

  /** The line that {@code show cli level} prints; empty when there is none. */
  static String level(String answer) {
    return answer.lines().filter(LEVELS::contains).findFirst().orElse("");
  }

  static Server server(Map<String, String> row) {
    int admin = number(row, "srv_admin_state");
    int operational = number(row, "srv_op_state");
    return new Server(
        row.getOrDefault("srv_name", ""),
        number(row, "srv_uweight"),
        number(row, "srv_iweight"),
        (admin & ~ADMIN_CONFIGURED) != 0,
        operational == STARTING || operational == RUNNING,
        false,
        (number(row, "srv_agent_state") & AGENT_ENABLED) != 0);
  }

  private static int number(Map<String, String> row, String column) {
    String value = row.get(column);
    if (value == null || !value.matches("-?[0-9]{1,9}")) {
      throw new IllegalArgumentException("show servers state: " + column + ": " + value);
    }
    return Integer.parseInt(value);
  }

  private static Map<String, String> row(String[] header, String[] values) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(header.length, values.length); i++) {
      row.put(header[i], values[i]);
    }
    return row;
  }

  private static String[] csv(String line) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        values.add(value.toString());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    values.add(value.toString());
    return values.toArray(String[]::new);
  }
}
