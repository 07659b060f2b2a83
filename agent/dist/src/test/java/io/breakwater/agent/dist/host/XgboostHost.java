package io.breakwater.agent.dist.host;

import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Trains, saves, loads and predicts 20 times; two more calls fail. */
public final class XgboostHost {
  private XgboostHost() {}

  public static void main(String[] arguments) throws XGBoostError {
    String file = arguments[0] + "/credit.json";
    train().saveModel(file);
    Booster booster = XGBoost.loadModel(file);
    for (int call = 0; call < 22; call++) {
      float[] row = call < 20 ? new float[] {call, 1} : new float[] {1, 2, 3, 4};
      try {
        DMatrix matrix = new DMatrix(row, 1, row.length, Float.NaN);
        System.out.println(booster.predict(matrix)[0][0]);
        System.out.println(booster.inplace_predict(row, 1, row.length, Float.NaN)[0][0]);
      } catch (XGBoostError e) {
        System.out.println("refused");
      }
    }
  }

  private static Booster train() throws XGBoostError {
    float[] rows = new float[200];
    float[] labels = new float[100];
    for (int i = 0; i < labels.length; i++) {
      rows[2 * i] = i % 20;
      rows[2 * i + 1] = i % 7;
      labels[i] = i % 20 / 10;
    }
    DMatrix data = new DMatrix(rows, labels.length, 2, Float.NaN);
    data.setLabel(labels);
    Booster booster =
        XGBoost.train(data, Map.of("objective", "binary:logistic"), 3, Map.of(), null, null);
    booster.setAttr("breakwater.model", "credit");
    booster.setAttr("breakwater.version", "7");
    booster.setAttr("breakwater.features", "age,debt");
    return booster;
  }
}
