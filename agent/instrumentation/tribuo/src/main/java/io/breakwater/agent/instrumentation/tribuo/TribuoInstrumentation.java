package io.breakwater.agent.instrumentation.tribuo;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;

/** Sees predictions for one example in every kind of model, and those for many. */
public final class TribuoInstrumentation implements Instrumentation {
  private static final String ADVICE = "io.breakwater.agent.instrumentation.tribuo.advice.";
  private static final String MODEL = "org.tribuo.Model";
  private static final String HOME = "org.tribuo.";

  /** For {@link java.util.ServiceLoader}. */
  public TribuoInstrumentation() {}

  @Override
  public String name() {
    return "tribuo";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.around(
                MODEL,
                "predict",
                "(Lorg/tribuo/Example;)Lorg/tribuo/Prediction;"::equals,
                ADVICE + "ExampleAdvice")
            .withSubtypes(HOME),
        Target.around(
                MODEL,
                "innerPredict",
                "(Ljava/lang/Iterable;)Ljava/util/List;"::equals,
                ADVICE + "BatchAdvice")
            .withSubtypes(HOME));
  }
}
