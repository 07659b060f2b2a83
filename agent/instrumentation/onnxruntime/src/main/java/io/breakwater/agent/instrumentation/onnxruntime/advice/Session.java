package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.record.Recorder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one session; does not keep it alive. Safe for use by many threads: plans are
 * made under a lock, once.
 */
final class Session {
  private volatile @Nullable ModelDescription description;
  private volatile @Nullable CallPlan plan;
  private volatile boolean planned;
  private volatile @Nullable Within within;

  /** The plan for calls within those of one other model. Immutable. */
  private static final class Within {
    private final ModelDescription outer;
    private final @Nullable CallPlan plan;

    Within(ModelDescription outer, @Nullable CallPlan plan) {
      this.outer = outer;
      this.plan = plan;
    }
  }

  void describedAs(ModelDescription seen) {
    description = seen;
  }

  /**
   * How to read this session's calls; null if they are not recorded.
   *
   * @param given inputs of a call that succeeded; null if this one failed
   */
  @Nullable CallPlan plan(OrtSession session, Recorder recorder, @Nullable Map<?, ?> given)
      throws OrtException {
    CallPlan known = plan;
    boolean settled = planned && (given == null || known == null || !known.isOpen());
    return settled ? known : makePlan(session, recorder, given);
  }

  private synchronized @Nullable CallPlan makePlan(
      OrtSession session, Recorder recorder, @Nullable Map<?, ?> given) throws OrtException {
    CallPlan known = plan;
    if (!planned || (given != null && known != null && known.isOpen())) {
      planned = true; // what throws once is not tried at every call
      plan = CallPlan.of(session, description(session, recorder), recorder, given);
    }
    return plan;
  }

  /** How to read this session's calls within those of another model. */
  @Nullable CallPlan planWithin(
      ModelDescription outer, OrtSession session, Recorder recorder, @Nullable Map<?, ?> given)
      throws OrtException {
    Within last = within;
    return last != null && last.outer.isSame(outer)
        ? last.plan
        : makePlanWithin(outer, session, recorder, given);
  }

  private synchronized @Nullable CallPlan makePlanWithin(
      ModelDescription outer, OrtSession session, Recorder recorder, @Nullable Map<?, ?> given)
      throws OrtException {
    CallPlan made =
        CallPlan.within(outer, session, description(session, recorder), recorder, given);
    within = new Within(outer, made);
    return made;
  }

  private ModelDescription description(OrtSession session, Recorder recorder) {
    ModelDescription known = description;
    if (known == null) { // made before the agent was there
      known = OnnxModels.describe(session, null, recorder.rules());
      description = known;
    }
    return known;
  }
}
