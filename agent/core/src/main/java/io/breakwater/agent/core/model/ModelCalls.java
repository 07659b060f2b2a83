package io.breakwater.agent.core.model;

import static java.util.Objects.requireNonNull;

import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The calls of all models of one copy of a library, from what its advice sees to what is recorded.
 *
 * <p>A call within an {@link Enclosing} one supplies features and nothing else. Safe for use by
 * many threads; once a model is known, recording a call takes no lock and allocates nothing of its
 * own.
 *
 * @param <M> the library's model
 * @param <I> what a call is given
 * @param <O> what it answers
 */
public abstract class ModelCalls<M, I, O> {
  private final ByIdentity<M, Known> models = new ByIdentity<>(Known::new);
  private final String framework;

  /**
   * For subclasses.
   *
   * @param framework value of {@code ml.framework}
   */
  protected ModelCalls(String framework) {
    this.framework = requireNonNull(framework, "framework");
  }

  /**
   * Lets a model say what it knows of itself; called once for each.
   *
   * @param description has framework and source already
   * @throws Exception if it cannot: then the rest has to do
   */
  protected abstract void describe(M model, ModelDescription.Builder description) throws Exception;

  /**
   * How to read a model's calls; called at the first that succeeds.
   *
   * @throws Exception if they cannot be read: then only calls and latency are recorded
   */
  protected abstract RowReader<I, O> reader(
      M model, ModelDescription description, I input, O output) throws Exception;

  /** Notes what a model was loaded from, before its first call. */
  public final void loaded(Recorder recorder, M model, ModelSource source) {
    models.of(model).describe(model, source, recorder.rules());
  }

  /** Name and version of a model. */
  public final ModelDescription description(Recorder recorder, M model) {
    return models.of(model).description(model, recorder.rules());
  }

  /**
   * Begins a call within which others of this or another library may be made.
   *
   * @param readsFeatures whether it reads the features itself, so that those within do not
   * @return to be given to {@code succeeded} or {@code failed} at its end
   */
  public final Enclosing enclose(Recorder recorder, M model, boolean readsFeatures) {
    Enclosing outer = Enclosing.current();
    return outer == null
        ? Enclosing.open(description(recorder, model), readsFeatures)
        : Enclosing.open(outer.model(), readsFeatures || !outer.takesFeatures());
  }

  /** Records a call that succeeded, by what calls within it have not recorded. */
  public final void succeeded(
      Recorder recorder,
      M model,
      long nanos,
      Enclosing call,
      @Nullable I input,
      @Nullable O output) {
    call.close();
    if (call.isOutermost()) {
      record(recorder, model, nanos, input, output, !call.isSupplied());
    } else if (!call.isSupplied()) {
      succeeded(recorder, model, nanos, input, output);
    }
  }

  /** Records a call that threw. */
  public final void failed(
      Recorder recorder, M model, long nanos, Enclosing call, Throwable failure) {
    call.close();
    failed(recorder, model, nanos, failure);
  }

  /** Records a call that succeeded; null for what could not be seen of it. */
  public final void succeeded(
      Recorder recorder, M model, long nanos, @Nullable I input, @Nullable O output) {
    Enclosing enclosing = Enclosing.current();
    if (enclosing == null) {
      record(recorder, model, nanos, input, output, true);
    } else if (enclosing.takesFeatures() && input != null && output != null) {
      Known known = models.of(model);
      RowCalls<I, O> calls = known.within(enclosing.model(), recorder, model, input, output);
      if (calls != null) {
        calls.recordFeatures(input, output);
        enclosing.supplied();
      }
    }
  }

  private void record(
      Recorder recorder,
      M model,
      long nanos,
      @Nullable I input,
      @Nullable O output,
      boolean withFeatures) {
    Known known = models.of(model);
    RowCalls<I, O> calls =
        input == null || output == null ? null : known.calls(recorder, model, input, output);
    if (calls != null) {
      calls.recordSuccess(nanos, requireNonNull(input), requireNonNull(output), withFeatures);
    } else {
      known.recordBare(recorder, model, nanos, 1, Recorder.NO_ERROR);
    }
  }

  /** Records a call that threw, unless it is within another. */
  public final void failed(Recorder recorder, M model, long nanos, Throwable failure) {
    if (Enclosing.current() == null) {
      models.of(model).recordBare(recorder, model, nanos, 0, recorder.errorType(failure));
    }
  }

  /** What is known of one model; does not keep it alive. */
  private final class Known {
    private volatile @Nullable ModelDescription description;
    private volatile @Nullable RowCalls<I, O> calls;
    private volatile boolean read;
    private volatile @Nullable ModelSeries bare;
    private volatile @Nullable Within<I, O> within;

    synchronized void describe(M model, @Nullable ModelSource source, CaptureRules rules) {
      ModelDescription.Builder collected = ModelDescription.builder(framework).source(source);
      try {
        ModelCalls.this.describe(model, collected);
      } catch (Exception | LinkageError e) {
        collected.source(source); // closed, or a version that says less
      }
      description = collected.build(rules);
    }

    ModelDescription description(M model, CaptureRules rules) {
      ModelDescription known = description;
      return known != null ? known : described(model, rules);
    }

    private synchronized ModelDescription described(M model, CaptureRules rules) {
      if (description == null) { // loaded before the agent was there, or made in this process
        describe(model, null, rules);
      }
      return requireNonNull(description);
    }

    @Nullable RowCalls<I, O> calls(Recorder recorder, M model, I input, O output) {
      return read ? calls : firstCall(recorder, model, input, output);
    }

    private synchronized @Nullable RowCalls<I, O> firstCall(
        Recorder recorder, M model, I input, O output) {
      if (!read) {
        read = true; // what throws once is not tried at every call
        ModelDescription names = description(model, recorder.rules());
        RowReader<I, O> reader = readerOrNull(recorder, model, input, output);
        calls = reader == null ? null : RowCalls.of(recorder, names, names, reader, false);
      }
      return calls;
    }

    private @Nullable RowReader<I, O> readerOrNull(Recorder recorder, M model, I input, O output) {
      try {
        return reader(model, description(model, recorder.rules()), input, output);
      } catch (Exception | LinkageError e) {
        recorder.drops().add(Drops.Reason.UNREADABLE);
        return null;
      }
    }

    @Nullable RowCalls<I, O> within(
        ModelDescription outer, Recorder recorder, M model, I input, O output) {
      Within<I, O> last = within;
      return last != null && last.outer.isSame(outer)
          ? last.calls
          : firstWithin(outer, recorder, model, input, output);
    }

    private synchronized @Nullable RowCalls<I, O> firstWithin(
        ModelDescription outer, Recorder recorder, M model, I input, O output) {
      ModelDescription names = description(model, recorder.rules());
      RowReader<I, O> reader =
          recorder.rules().features() ? readerOrNull(recorder, model, input, output) : null;
      RowCalls<I, O> made =
          reader == null ? null : RowCalls.of(recorder, outer, names, reader, true);
      within = new Within<>(outer, made);
      return made;
    }

    void recordBare(Recorder recorder, M model, long nanos, int rows, int errorType) {
      ModelSeries known = bare;
      ModelSeries series = known != null ? known : firstBare(recorder, model);
      if (series == null) {
        return; // counted when the series was asked for
      }
      long claim = recorder.claim(series, 0, false);
      if (claim != Recorder.DROPPED) {
        recorder.publish(claim, nanos, rows, 0, errorType);
      }
    }

    private synchronized @Nullable ModelSeries firstBare(Recorder recorder, M model) {
      if (bare == null) {
        ModelDescription names = description(model, recorder.rules());
        bare = recorder.series(names.name(), names.version(), names.framework(), Schema.CALLS_ONLY);
      }
      return bare;
    }
  }

  /** Where calls within those of one other model go. Immutable. */
  private static final class Within<I, O> {
    private final ModelDescription outer;
    private final @Nullable RowCalls<I, O> calls;

    Within(ModelDescription outer, @Nullable RowCalls<I, O> calls) {
      this.outer = outer;
      this.calls = calls;
    }
  }
}
