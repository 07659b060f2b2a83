package io.breakwater.engine.detect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mixture of Shiryaev-Roberts e-detectors, one per alternative, in logarithms; a value.
 *
 * <p>For each alternative {@code R = (1 + R) * e}, where {@code e} is the e-value of a block under
 * that alternative. The mixture is the mean over the alternatives: over any stream on which the
 * null hypothesis holds, the mean number of blocks until it reaches {@code c} is at least {@code c}
 * (Shin, Ramdas and Rinaldo, "E-detectors", 2024).
 *
 * <p>Beside each {@code R} runs the CUSUM of the same e-values. Its last zero is the maximum
 * likelihood estimate of the moment of change and thus where the evidence begins.
 *
 * @param looks blocks judged
 * @param bets one per alternative, in the order of the alternatives; empty before the first block
 * @param total everything seen; serving processes are told apart in the bets only
 * @param until end of the last block, or null
 */
public record Mixture(long looks, List<Bet> bets, Tally total, @Nullable Instant until) {
  /** A mixture that has seen nothing. */
  public static final Mixture FRESH = new Mixture(0, List.of(), Tally.NONE, null);

  /**
   * How one alternative stands.
   *
   * @param lnR natural logarithm of the Shiryaev-Roberts statistic
   * @param cusum the CUSUM; at zero or below it starts again with the next block
   * @param since start of the first block since the CUSUM's last zero
   * @param before everything seen before that block
   * @param instances calls since then by serving process
   */
  public record Bet(
      double lnR, double cusum, Instant since, Tally before, Map<String, Tally.Part> instances) {}

  public Mixture {
    bets = Collections.unmodifiableList(bets);
  }

  /**
   * After one more block.
   *
   * @param lnE natural logarithm of the block's e-value under each alternative
   * @param cap highest value that any logarithm is allowed to reach; lowering evidence keeps the
   *     guarantee, and keeps the detector from being deaf to recovery after a long failure
   */
  Mixture next(Block block, double[] lnE, double cap) {
    List<Bet> next = new ArrayList<>(lnE.length);
    for (int i = 0; i < lnE.length; i++) {
      next.add(next(bets.isEmpty() ? null : bets.get(i), block, lnE[i], cap));
    }
    return new Mixture(looks + 1, next, totalWith(block), block.end());
  }

  private Bet next(@Nullable Bet bet, Block block, double lnE, double cap) {
    double lnR = bet == null ? lnE : lnOnePlus(bet.lnR) + lnE;
    Map<String, Tally.Part> instances = block.tally().instances();
    return bet != null && bet.cusum > 0
        ? new Bet(
            Math.min(cap, lnR),
            Math.min(cap, bet.cusum + lnE),
            bet.since,
            bet.before,
            Tally.together(bet.instances, instances))
        : new Bet(Math.min(cap, lnR), Math.min(cap, lnE), block.start(), total, instances);
  }

  private Tally totalWith(Block block) {
    return total.plus(block.tally().by(Map.of()));
  }

  /** After a pane that is counted and not judged. */
  Mixture counting(Block pane) {
    return new Mixture(looks, bets, totalWith(pane), until);
  }

  /** Natural logarithm of the mean over the alternatives; 0 before the first block. */
  public double lnMean() {
    if (bets.isEmpty()) {
      return 0;
    }
    double top = strongest().lnR;
    double sum = 0;
    for (Bet bet : bets) {
      sum += Math.exp(bet.lnR - top);
    }
    return top + Math.log(sum / bets.size());
  }

  /** What the strongest alternative takes as evidence. */
  public Excursion excursion() {
    if (bets.isEmpty()) {
      return new Excursion(null, null, Tally.NONE);
    }
    Bet best = strongest();
    return new Excursion(best.since, until, total.since(best.before).by(best.instances));
  }

  /** The greatest; of equal ones, as at the cap, the one whose evidence began last. */
  private Bet strongest() {
    Bet best = bets.get(0);
    for (Bet bet : bets) {
      boolean equal = bet.lnR == best.lnR;
      if (bet.lnR > best.lnR || (equal && bet.since.isAfter(best.since))) {
        best = bet;
      }
    }
    return best;
  }

  /** {@code ln(1 + exp(x))} without overflow. */
  private static double lnOnePlus(double x) {
    return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
  }
}
