package io.breakwater.engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Deciding is pure: no input or output, no threads, no clock, no chance. */
class PurityTest {
  private static final JavaClasses PURE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.breakwater.signals", "io.breakwater.engine");

  private static final ArchRule NO_IO_NO_THREADS_NO_CHANCE =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe("do input or output, run threads or draw numbers", PurityTest::isImpure));

  private static final ArchRule NO_CLOCK =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Math.class, "random");

  private static boolean isImpure(JavaClass type) {
    String name = type.getPackageName();
    boolean charset = type.getName().startsWith("java.nio.charset.");
    return (name.startsWith("java.io") && !type.getName().equals("java.io.Serializable"))
        || (name.startsWith("java.nio") && !charset)
        || name.startsWith("java.net")
        || name.equals("java.util.concurrent")
        || name.startsWith("java.util.concurrent.locks")
        || name.startsWith("java.sql")
        || type.isEquivalentTo(Thread.class)
        || type.isEquivalentTo(ThreadLocal.class)
        || type.isEquivalentTo(Random.class)
        || type.getName().equals("java.time.Clock");
  }

  @Test
  void signalsAndEngine_doNoInputOrOutputAndRunNoThreads() {
    NO_IO_NO_THREADS_NO_CHANCE.check(PURE);
  }

  @Test
  void signalsAndEngine_readNoClockAndNoEnvironment() {
    NO_CLOCK.check(PURE);
  }

  @Test
  void bothModulesAreLookedAt() {
    assertThat(PURE.contain(Engine.class)).isTrue();
    assertThat(PURE.stream().anyMatch(c -> c.getPackageName().startsWith("io.breakwater.signals")))
        .isTrue();
  }
}
