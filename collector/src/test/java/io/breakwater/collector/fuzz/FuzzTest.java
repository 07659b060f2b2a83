package io.breakwater.collector.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A few thousand inputs for every reader; {@code docs/fuzzing.md} says how to run millions. */
class FuzzTest {
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 4_000);

  static List<String> names() {
    return Targets.all().stream().map(FuzzTarget::name).toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void seeds_areTaken(String name) throws Exception {
    FuzzTarget target = Targets.named(name);

    assertThat(target.run(target.seeds().get(0))).startsWith("ok");
  }

  @ParameterizedTest
  @MethodSource("names")
  void anyInput_isTakenOrRefusedAsDeclared(String name) {
    FuzzTarget target = Targets.named(name);
    Mutator mutator = new Mutator(target, 20_261_121);

    for (int i = 0; i < INPUTS; i++) {
      byte[] input = mutator.next();
      try {
        mutator.took(input, target.run(input));
      } catch (Throwable e) {
        throw new AssertionError(
            "input "
                + i
                + " as text:\n"
                + new String(input, StandardCharsets.UTF_8)
                + "\nand in hex: "
                + HexFormat.of().formatHex(input),
            e);
      }
    }
    assertThat(mutator.ways()).as("ways that were taken").isGreaterThan(5);
  }
}
