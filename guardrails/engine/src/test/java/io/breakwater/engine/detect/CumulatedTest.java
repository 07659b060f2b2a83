package io.breakwater.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.CountRange;
import io.breakwater.signals.HistogramSnapshot;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CumulatedTest {
  @Test
  void answers_areThoseOfTheSketch() {
    Random random = new Random(1);
    BucketIndex buckets = BucketIndex.ofScale(3);
    for (int run = 0; run < 200; run++) {
      HistogramSnapshot fine = Histograms.of(4, values(random));
      HistogramSnapshot coarse = Histograms.of(2, values(random));
      HistogramSnapshot wide =
          HistogramSnapshot.of(
              coarse.scale(),
              0.25 * random.nextInt(3),
              coarse.zeroCount(),
              Double.NaN,
              Double.NaN,
              Double.NaN,
              coarse.positive(),
              coarse.negative());
      Sketch sketch =
          new Sketch(
              List.of(fine, wide), List.of(new Outside(true, -4, 3), new Outside(false, 5, 2)));
      Cumulated cumulated = new Cumulated(sketch);
      assertThat(cumulated.count()).isEqualTo(sketch.count());
      double bound = buckets.upperBound(random.nextInt(80) - 40);
      for (double edge : new double[] {0, bound, -Math.nextUp(bound), -bound, 3 * bound, 5, -4}) {
        cumulated.atOrBelow(edge);
        assertThat(new CountRange(cumulated.lower(), cumulated.upper()))
            .as("at or below %s of %s", edge, sketch)
            .isEqualTo(sketch.countAtOrBelow(edge));
      }
    }
  }

  private static double[] values(Random random) {
    return random.doubles(30).map(u -> random.nextInt(10) == 0 ? 0 : 8 * (u - 0.5)).toArray();
  }
}
