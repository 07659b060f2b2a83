package io.breakwater.examples.scoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/** The California housing districts, see {@code SOURCE.md} beside the data. */
public final class HousingData {
  /** The columns, in the order in which the models take them. */
  public static final List<String> FEATURES =
      List.of(
          "MedInc",
          "HouseAge",
          "AveRooms",
          "AveBedrms",
          "Population",
          "AveOccup",
          "Latitude",
          "Longitude");

  /** The column that clients may leave out: the census lacks it for some districts. */
  public static final String OPTIONAL_FEATURE = "AveBedrms";

  private static final String FILE = "california-housing.csv.gz";

  private HousingData() {}

  /** One district. */
  public static final class District {
    private final float[] values;
    private final int label;

    private District(float[] values, int label) {
      this.values = values;
      this.label = label;
    }

    /** The value of the column at this place in {@link #FEATURES}. */
    public float value(int column) {
      return values[column];
    }

    /** The class it belongs to, 0 or 1. */
    public int label() {
      return label;
    }
  }

  /** All districts in file order, which is geographical. */
  public static List<District> inFileOrder() throws IOException {
    List<District> districts = new ArrayList<>();
    try (InputStream file = HousingData.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IOException(FILE + " is not on the class path beside " + HousingData.class);
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(new GZIPInputStream(file), UTF_8));
      lines.readLine(); // the header
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        districts.add(parse(line));
      }
    }
    return districts;
  }

  /** All districts in a random order that depends on nothing but {@code seed}. */
  public static List<District> shuffled(long seed) throws IOException {
    List<District> districts = inFileOrder();
    Collections.shuffle(districts, new Random(seed));
    return districts;
  }

  private static District parse(String line) {
    String[] cells = line.split(",", -1);
    float[] values = new float[FEATURES.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(cells[i]);
    }
    return new District(values, Integer.parseInt(cells[values.length]));
  }
}
