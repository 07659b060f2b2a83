package io.breakwater.engine;

import io.breakwater.engine.Pane.Reading;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.ReferenceSource.FirstRows;
import io.breakwater.engine.policy.ReferenceSource.Prepared;
import io.breakwater.engine.reference.GatheredReferences;
import io.breakwater.engine.reference.Progress;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceDigest;
import io.breakwater.engine.reference.ReferenceGatherer;
import io.breakwater.engine.reference.ReferenceSet;
import io.breakwater.engine.reference.References;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where what is normal comes from: gathered from readings, or given. */
final class DriftReferences {
  /** How long the first complete signal waits for the others, to be told of together. */
  private static final Duration TOGETHER = Duration.ofMinutes(1);

  private static final int MAX_TELLINGS = 2;

  private final Draft draft;

  DriftReferences(Draft draft) {
    this.draft = draft;
  }

  /** The drift guardrail that judges a signal, the first one in the file, or null. */
  static Guardrail.@Nullable Drift rule(ModelPolicy policy, String signal) {
    for (Guardrail guardrail : policy.guardrails()) {
      if (guardrail instanceof Guardrail.Drift drift && drift.covers(signal)) {
        return drift;
      }
    }
    return null;
  }

  /** Takes up the rows of a pane that belong to references. */
  void gather(Pane pane) {
    if (!(draft.policy.reference() instanceof FirstRows first)) {
      return;
    }
    Map<String, GatheredReferences> changed = new HashMap<>();
    for (Reading reading : pane.readings()) {
      String version = reading.version();
      boolean wanted = first.version() == null || first.version().equals(version);
      if (wanted
          && draft.versions.containsKey(version)
          && rule(draft.policy, reading.signal()) != null) {
        GatheredReferences old = changed.getOrDefault(version, gathered(version));
        GatheredReferences next = plus(old, reading, first);
        if (next != null) {
          changed.put(version, next);
        }
      }
    }
    if (!changed.isEmpty()) {
      Map<String, GatheredReferences> all = new TreeMap<>(draft.references.gathered());
      changed.forEach((version, references) -> all.put(version, announced(version, references)));
      draft.references = new References(draft.references.prepared(), all);
    }
  }

  private GatheredReferences gathered(String version) {
    return draft.references.gathered().getOrDefault(version, GatheredReferences.NONE);
  }

  /** The references with one more reading, or null when they need no more. */
  private @Nullable GatheredReferences plus(
      GatheredReferences old, Reading reading, FirstRows first) {
    String signal = reading.signal();
    if (old.complete().containsKey(signal) || reading.values().rows() == 0) {
      return null;
    }
    long wanted = Math.max(first.rows(), Reference.MIN_ROWS);
    ReferenceGatherer gatherer = old.open().get(signal);
    ReferenceGatherer next =
        (gatherer == null ? ReferenceGatherer.of(wanted) : gatherer).add(reading.values());
    Map<String, Reference> complete = old.complete();
    Map<String, ReferenceGatherer> open = new TreeMap<>(old.open());
    Instant firstComplete = old.firstComplete();
    if (next.isComplete()) {
      complete = new TreeMap<>(complete);
      complete.put(signal, next.result());
      open.remove(signal);
      firstComplete = firstComplete == null ? draft.now : firstComplete;
    } else {
      open.put(signal, next);
    }
    return new GatheredReferences(complete, open, firstComplete, old.told(), old.tellings());
  }

  /** The same after people were told, where it is time to. */
  private GatheredReferences announced(String version, GatheredReferences references) {
    Instant since = references.firstComplete();
    boolean news = references.complete().size() > references.told();
    boolean waited =
        since != null && references.tellings() == 0 && !draft.now.isBefore(since.plus(TOGETHER));
    if (!news
        || references.tellings() >= MAX_TELLINGS
        || !(references.open().isEmpty() || waited)) {
      return references;
    }
    tell("version " + version, ReferenceDigest.of(references.complete()), references.complete());
    return new GatheredReferences(
        references.complete(),
        references.open(),
        since,
        references.complete().size(),
        references.tellings() + 1);
  }

  private void tell(String source, String digest, Map<String, Reference> signals) {
    StringBuilder reason = new StringBuilder("reference of ").append(source).append(": ");
    String separator = "";
    for (Map.Entry<String, Reference> entry : signals.entrySet()) {
      Reference reference = entry.getValue();
      String refusal = refusal(reference);
      reason
          .append(separator)
          .append(entry.getKey())
          .append(
              String.format(
                  Locale.ROOT,
                  " (%,d rows, %,d panes, dispersion %.1f%s)",
                  reference.values().rows(),
                  reference.panes(),
                  reference.dispersion(),
                  refusal.isEmpty() ? "" : "; not armed: " + refusal));
      separator = ", ";
    }
    reason.append("; digest ").append(digest);
    draft.tell(DecisionRecord.Kind.REFERENCE_PINNED, "GATHERING", "PINNED", reason.toString());
  }

  /** A set that was built beforehand: taken where the policy asks for it. */
  void given(ReferenceSet set) {
    ReferenceSet old = draft.references.prepared();
    boolean asked =
        draft.policy.reference() instanceof Prepared prepared
            && prepared.digest().equals(set.digest());
    if (!asked || (old != null && old.digest().equals(set.digest()))) {
      return;
    }
    draft.references = new References(set, draft.references.gathered());
    draft.versions.values().forEach(VersionDraft::forgetDrift);
    tell(set.source(), set.digest(), set.signals());
  }

  /** Drops what another policy asked for. */
  void policyChanged(ModelPolicy old) {
    ReferenceSource source = draft.policy.reference();
    if (source.equals(old.reference())) {
      return;
    }
    Map<String, GatheredReferences> kept = new TreeMap<>();
    draft
        .references
        .gathered()
        .forEach(
            (version, some) -> {
              if (!some.complete().isEmpty() && source instanceof FirstRows) {
                kept.put(
                    version,
                    new GatheredReferences(
                        some.complete(),
                        Map.of(),
                        some.firstComplete(),
                        some.told(),
                        some.tellings()));
              }
            });
    ReferenceSet set = draft.references.prepared();
    boolean same =
        set != null
            && source instanceof Prepared prepared
            && prepared.digest().equals(set.digest());
    draft.references = new References(same ? set : null, kept);
    draft.versions.values().forEach(VersionDraft::forgetDrift);
  }

  /** What a version's signal is compared with, or null. */
  @Nullable Reference reference(String version, String signal) {
    if (draft.policy.reference() instanceof FirstRows first) {
      return gathered(whose(first, version)).complete().get(signal);
    }
    ReferenceSet prepared = draft.references.prepared();
    return prepared == null ? null : prepared.signals().get(signal);
  }

  private static String whose(FirstRows first, String version) {
    return first.version() == null ? version : first.version();
  }

  /** Why a signal cannot be compared, in words; empty when it can. */
  String objection(String version, String signal) {
    Reference reference = reference(version, signal);
    if (reference != null) {
      return refusal(reference);
    }
    if (draft.policy.reference() instanceof FirstRows first) {
      String whose = whose(first, version);
      ReferenceGatherer open = gathered(whose).open().get(signal);
      Progress far =
          open == null
              ? new Progress(0, Math.max(first.rows(), Reference.MIN_ROWS), 0)
              : open.progress();
      return String.format(
          Locale.ROOT,
          "the reference has %,d of %,d rows, %d of %d panes%s",
          far.rows(),
          far.rowsWanted(),
          far.panes(),
          Reference.MIN_PANES,
          whose.equals(version) ? "" : " of version " + whose);
    }
    return draft.references.prepared() == null
        ? "the reference was not read yet"
        : "the reference has no " + signal;
  }

  private static String refusal(Reference reference) {
    long rows = reference.values().rows();
    if (rows < Reference.MIN_ROWS) {
      return String.format(
          Locale.ROOT, "the reference has %,d rows (needed: %,d)", rows, Reference.MIN_ROWS);
    }
    return reference.panes() < Reference.MIN_PANES
        ? "the reference has "
            + reference.panes()
            + " panes (needed to tell its dispersion: "
            + Reference.MIN_PANES
            + ")"
        : "";
  }
}
