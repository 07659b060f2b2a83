package io.breakwater.engine;

import java.util.Arrays;
import java.util.function.Consumer;

/** Numbers in a row; immutable, and equal when all numbers are. */
public final class Doubles {
  /** No numbers. */
  public static final Doubles EMPTY = new Doubles(new double[0]);

  private final double[] numbers;

  private Doubles(double[] numbers) {
    this.numbers = numbers;
  }

  /** A copy of the numbers. */
  public static Doubles of(double... numbers) {
    return numbers.length == 0 ? EMPTY : new Doubles(numbers.clone());
  }

  /** The numbers after a change, which is made to a copy that it must not keep. */
  public Doubles changed(Consumer<double[]> change) {
    double[] copy = numbers.clone();
    change.accept(copy);
    return new Doubles(copy);
  }

  /** How many there are. */
  public int size() {
    return numbers.length;
  }

  /** The number at {@code index}. */
  public double get(int index) {
    return numbers[index];
  }

  /** A copy. */
  public double[] toArray() {
    return numbers.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Doubles that && Arrays.equals(numbers, that.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  @Override
  public String toString() {
    return Arrays.toString(numbers);
  }
}
