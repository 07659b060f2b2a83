package io.breakwater.agent.instrumentation.h2o.advice;

import hex.genmodel.GenModel;
import hex.genmodel.MojoModel;
import hex.genmodel.easy.RowData;
import io.breakwater.agent.core.model.ModelCalls;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.RowReader;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All models of this copy of the library. What they answer depends on their category. */
final class Models extends ModelCalls<GenModel, RowData, double[]> {
  static final Models ALL = new Models();

  private Models() {
    super("h2o");
  }

  @Override
  protected void describe(GenModel model, ModelDescription.Builder description) {
    if (!(model instanceof MojoModel)) { // a class that was made for this model
      description.name(model.getClass().getSimpleName());
    }
    description.version(model.getUUID());
    description.classes(classes(model));
  }

  private static List<String> classes(GenModel model) {
    int response = model.isSupervised() ? model.getResponseIdx() : -1;
    String[] @Nullable [] domains = model._domains;
    String[] names = response >= 0 && response < domains.length ? domains[response] : null;
    return names == null ? List.of() : Arrays.asList(names);
  }

  @Override
  protected RowReader<RowData, double[]> reader(
      GenModel model, ModelDescription description, RowData input, double[] output) {
    return WrapperReader.of(model, description.classes());
  }
}
