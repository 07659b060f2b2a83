package io.breakwater.agent.instrumentation.tribuo.advice;

import io.breakwater.agent.core.model.RowReader;
import io.breakwater.agent.core.record.Schema;
import java.util.ArrayList;
import java.util.List;
import org.tribuo.Feature;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.Model;
import org.tribuo.Prediction;
import org.tribuo.hash.HashedFeatureMap;

/** Reads the features of examples by name, and nothing of what was predicted. */
class PredictionReader extends RowReader<List<Prediction<?>>, List<Prediction<?>>> {
  private final List<String> features = new ArrayList<>();

  PredictionReader(Model<?> model) {
    ImmutableFeatureMap map = model.getFeatureIDMap();
    if (!(map instanceof HashedFeatureMap)) { // which does not know the names
      for (int id = 0; id < map.size(); id++) {
        features.add(map.get(id).getName());
      }
    }
  }

  @Override
  public final int columns() {
    return features.size();
  }

  @Override
  public final String columnName(int column) {
    return features.get(column);
  }

  @Override
  public List<Schema.Output> outputs() {
    return List.of();
  }

  @Override
  public final boolean needsDouble() {
    return true;
  }

  @Override
  public final int rows(List<Prediction<?>> input, List<Prediction<?>> output) {
    return output.size();
  }

  @Override
  public final boolean fits(List<Prediction<?>> input, List<Prediction<?>> output) {
    return true;
  }

  @Override
  public final double feature(List<Prediction<?>> input, int row, int column) {
    Feature feature = input.get(row).getExample().lookup(features.get(column));
    return feature == null ? Double.NaN : feature.getValue();
  }

  @Override
  public int outputColumns(List<Prediction<?>> input, List<Prediction<?>> output) {
    return 0;
  }

  @Override
  public double output(List<Prediction<?>> input, List<Prediction<?>> output, int row, int column) {
    return Double.NaN;
  }
}
