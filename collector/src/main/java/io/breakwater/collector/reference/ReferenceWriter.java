package io.breakwater.collector.reference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.reference.Dispersions;
import io.breakwater.engine.reference.Reference;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.util.Map;

/** Writes the signals of a reference file, version 2. */
final class ReferenceWriter {
  static final String NUMBERS = "numbers";
  static final String NAMES = "names";
  static final String LOW = "low";
  static final String HIGH = "high";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ReferenceWriter() {}

  static ObjectNode signals(Map<String, Reference> references) {
    ObjectNode signals = NODES.objectNode();
    references.forEach((signal, reference) -> signals.set(signal, signal(reference)));
    return signals;
  }

  private static ObjectNode signal(Reference reference) {
    Distribution values = reference.values();
    ObjectNode signal =
        NODES
            .objectNode()
            .put("kind", values instanceof Distribution.Numbers ? NUMBERS : NAMES)
            .put("rows", values.rows())
            .put("panes", reference.panes())
            .put("dispersion", reference.dispersion())
            .<ObjectNode>set("dispersions", ReferenceFile.dispersions(reference))
            .put("missing", values.missing());
    if (values instanceof Distribution.Numbers numbers) {
      sketch(signal, numbers.values());
      if (numbers.complement() != null) {
        sketch(signal.putObject("complement"), numbers.complement());
      }
    } else if (values instanceof Distribution.Names names) {
      names.counts().forEach(signal.putObject("counts")::put);
    }
    return signal;
  }

  static ObjectNode dispersions(Dispersions dispersions) {
    ObjectNode json = NODES.objectNode();
    if (dispersions.deciles().size() > 0) {
      ArrayNode deciles = json.putArray("deciles");
      for (double band : dispersions.deciles().toArray()) {
        deciles.add(band);
      }
    }
    if (!dispersions.names().isEmpty()) {
      dispersions.names().forEach(json.putObject("names")::put);
    }
    return json.put("missing", dispersions.missing()).put("ranks", dispersions.ranks());
  }

  private static void sketch(ObjectNode target, Sketch sketch) {
    ArrayNode histograms = target.putArray("histograms");
    sketch.parts().forEach(part -> histograms.add(histogram(part)));
    if (!sketch.outside().isEmpty()) {
      ArrayNode outside = target.putArray("outside");
      sketch.outside().forEach(one -> outside.add(outside(one)));
    }
  }

  private static ObjectNode histogram(HistogramSnapshot histogram) {
    ObjectNode json =
        NODES
            .objectNode()
            .put("scale", histogram.scale())
            .put("zeroThreshold", histogram.zeroThreshold())
            .put("zeroCount", histogram.zeroCount());
    known(json, "sum", histogram.sum());
    known(json, "min", histogram.min());
    known(json, "max", histogram.max());
    side(json, "positive", histogram.positive());
    side(json, "negative", histogram.negative());
    return json;
  }

  private static void known(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    }
  }

  private static void side(ObjectNode json, String name, BucketCounts buckets) {
    if (!buckets.isEmpty()) {
      ObjectNode side = json.putObject(name).put("offset", buckets.offset());
      ArrayNode counts = side.putArray("counts");
      for (long count : buckets.toArray()) {
        counts.add(count);
      }
    }
  }

  private static ObjectNode outside(Outside outside) {
    ObjectNode json = NODES.objectNode().put("side", outside.low() ? LOW : HIGH);
    if (outside.bound() == Double.NEGATIVE_INFINITY) {
      json.put("bound", "-Infinity");
    } else {
      json.put("bound", outside.bound());
    }
    return json.put("count", outside.count());
  }
}
