package io.breakwater.agent.instrumentation.lightgbm.advice;

import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.record.Recorder;
import io.github.metarank.lightgbm4j.LGBMBooster;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Learns what a booster is loaded from: a file, or the text of one. */
public final class LoadAdvice implements Advice {
  private static final String FIRST_LINE_OF_A_MODEL = "tree";

  private final Recorder recorder;

  /** For the linker. */
  public LoadAdvice(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result) {
    if (result instanceof LGBMBooster && arg0 instanceof String) {
      String text = (String) arg0;
      Object source =
          text.startsWith(FIRST_LINE_OF_A_MODEL) && text.indexOf('\n') >= 0
              ? text.getBytes(StandardCharsets.UTF_8)
              : text;
      Boosters.ALL.loaded(recorder, (LGBMBooster) result, ModelSource.of(source));
    }
  }

  @Override
  public void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure) {
    // no booster, so no calls
  }
}
