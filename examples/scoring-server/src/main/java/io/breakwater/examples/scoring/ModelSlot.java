package io.breakwater.examples.scoring;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The model being served, which may be replaced while calls go on. Safe for use by many threads.
 */
final class ModelSlot implements AutoCloseable {
  private final @Nullable Path file;
  private final String calledByOption;
  private final String name;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private ScoringModel model;

  private ModelSlot(@Nullable Path file, String calledByOption, ScoringModel model) {
    this.file = file;
    this.calledByOption = calledByOption;
    this.name = model.name();
    this.model = model;
  }

  /** Opens the model that the options name. */
  static ModelSlot open(ServerOptions options) throws IOException, OrtException {
    Path file = options.model();
    return new ModelSlot(
        file,
        options.name(),
        file != null
            ? ScoringModel.open(file, options.name())
            : ScoringModel.bundled(options.bundled(), options.name()));
  }

  /** What is done with the model. */
  interface Use<T> {
    T of(ScoringModel model) throws HttpProblem, OrtException;
  }

  /** The model's name, whatever is loaded. */
  String name() {
    return name;
  }

  /** Uses the model, which stays open for so long. */
  <T> T use(Use<T> use) throws HttpProblem, OrtException {
    lock.readLock().lock();
    try {
      return use.of(model);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Loads the model's file again; calls go on with the old one until the new one is ready.
   *
   * @throws HttpProblem when there is no file, or nothing to serve in it; the old one stays
   */
  void reload() throws HttpProblem, OrtException {
    ScoringModel next = opened();
    if (!next.name().equals(name)) {
      next.close();
      throw HttpProblem.badRequest(file + ": model " + next.name() + " (expected: " + name + ")");
    }
    ScoringModel last;
    lock.writeLock().lock();
    try {
      last = model;
      model = next;
    } finally {
      lock.writeLock().unlock();
    }
    last.close();
  }

  @Override
  public void close() throws OrtException {
    model.close();
  }

  private ScoringModel opened() throws HttpProblem {
    if (file == null) {
      throw HttpProblem.badRequest("a bundled model cannot be loaded again (expected: --model)");
    }
    try {
      return ScoringModel.open(file, calledByOption);
    } catch (IOException | OrtException | IllegalArgumentException e) {
      throw HttpProblem.badRequest(file + ": cannot be loaded: " + e.getMessage());
    }
  }
}
