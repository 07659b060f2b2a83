package io.breakwater.collector.backtest;

import io.breakwater.collector.csv.RowRange;
import io.breakwater.engine.policy.Then;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one guardrail on one signal.
 *
 * @param guardrail expanded name, for example {@code feature:age native}
 * @param then what a breach leads to in the policy
 * @param breaches in the order of rows
 * @param note why it was not judged, in words; empty when it was
 */
public record Judged(
    String guardrail, String signal, Then then, List<Breach> breaches, String note) {
  public Judged {
    breaches = List.copyOf(breaches);
  }

  /** How many breaches fell into one of these ranges, in which nothing happened. */
  public long falseAlarms(List<RowRange> quiet) {
    return breaches.stream()
        .filter(breach -> quiet.stream().anyMatch(range -> range.contains(breach.row())))
        .count();
  }

  /**
   * For each change, how many rows after it the first breach came; null where none came before the
   * next change.
   *
   * @param changes rows from which on the data is different, ascending
   */
  public List<@Nullable Long> delays(List<Long> changes) {
    List<@Nullable Long> delays = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      long from = changes.get(i);
      long to = i + 1 < changes.size() ? changes.get(i + 1) : Long.MAX_VALUE;
      delays.add(
          breaches.stream()
              .map(Breach::row)
              .filter(row -> row >= from && row < to)
              .findFirst()
              .map(row -> row - from)
              .orElse(null));
    }
    return delays;
  }
}
