package io.breakwater.agent.dist.host;

import ai.catboost.CatBoostError;
import ai.catboost.CatBoostModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads a model written by hand and predicts 40 times; two more calls fail. */
public final class CatboostHost {
  private static final String MODEL =
      "{'features_info':{'float_features':["
          + "{'borders':[0.5],'feature_id':'age','feature_index':0,'flat_feature_index':0,"
          + "'has_nans':false,'nan_value_treatment':'AsIs'},"
          + "{'borders':[0.5],'feature_id':'debt','feature_index':1,'flat_feature_index':1,"
          + "'has_nans':false,'nan_value_treatment':'AsIs'}]},"
          + "'model_info':{'breakwater.model':'credit'},"
          + "'oblivious_trees':[{'leaf_values':[-1,1],'leaf_weights':[1,1],'splits':["
          + "{'border':0.5,'float_feature_index':0,'split_index':0,'split_type':'FloatFeature'}]}],"
          + "'scale_and_bias':[1,[0]]}";

  private CatboostHost() {}

  public static void main(String[] arguments) throws CatBoostError, IOException {
    Path file = Path.of(arguments[0], "credit.json");
    Files.writeString(file, MODEL.replace('\'', '"'));
    CatBoostModel model = CatBoostModel.loadModel(file.toString(), "json");
    for (int call = 0; call < 22; call++) {
      float[] row = call < 20 ? new float[] {call, 1} : new float[] {1};
      try {
        System.out.println(model.predict(row, new String[0]).get(0, 0));
        System.out.println(model.predict(new float[][] {row}, new String[1][0]).get(0, 0));
      } catch (CatBoostError e) {
        System.out.println("refused");
      }
    }
  }
}
