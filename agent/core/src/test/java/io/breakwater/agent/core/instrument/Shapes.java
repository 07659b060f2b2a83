package io.breakwater.agent.core.instrument;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Methods of every shape that a compiler makes; each takes one object and returns one. */
public class Shapes {
  private final Object lock = new Object();
  private int calls;

  /** A super type, so that a constructor has code before its object exists. */
  public static class Base {
    final Object given;

    public Base(Object given) {
      this.given = given;
    }
  }

  /** Branches before and after the call of the super constructor. */
  public static class Built extends Base {
    private long sum;

    public Built(Object seed) {
      super(seed == null ? "none" : seed.toString().isEmpty() ? "empty" : seed);
      for (int i = 0; i < 10; i++) {
        sum += i;
      }
      if (seed instanceof Integer) {
        return;
      }
      sum = -sum;
    }

    @Override
    public String toString() {
      return given + ":" + sum;
    }
  }

  /** A result of every type. */
  public static class Typed {
    private static final String[] NAMES = {"a", "b"};

    public boolean aBoolean() {
      return true;
    }

    public byte aByte() {
      return -8;
    }

    public char aChar() {
      return 'c';
    }

    public short aShort() {
      return -16;
    }

    public int anInt() {
      return 32;
    }

    public long aLong() {
      return 1L << 40;
    }

    public float aFloat() {
      return 0.5f;
    }

    public double aDouble() {
      return 0.25;
    }

    public CharSequence anInterface() {
      return "text";
    }

    public String[] anArray() {
      return NAMES;
    }

    public void nothing() {}
  }

  public Object plain(Object in) {
    return in;
  }

  public Object nothing(Object in) {
    calls++;
    return null;
  }

  public Object loopFirst(Object in) {
    do {
      calls++;
    } while (calls % 7 != 0);
    return calls;
  }

  public Object reusesItsParameter(Object in) {
    in = String.valueOf(in) + "!";
    for (int i = 0; i < 3; i++) {
      in = in + "?";
    }
    return in;
  }

  public Object branches(Object in) {
    int n = in instanceof Integer ? (Integer) in : -1;
    if (n < 0) {
      return "negative";
    }
    if (n == 0) {
      return "zero";
    }
    String size = n < 10 ? "small" : n < 100 ? "middle" : "large";
    return n % 2 == 0 ? size + " even" : size + " odd";
  }

  public Object wideLocals(Object in) {
    long a = 1;
    double b = 2;
    for (int i = 0; i < 5; i++) {
      long c = a + i;
      double d = b * c;
      if (c % 2 == 0) {
        float e = (float) d;
        a += (long) e;
      } else {
        b += c;
      }
    }
    return a + b;
  }

  public Object catches(Object in) {
    try {
      return ((String) in).length();
    } catch (ClassCastException | NullPointerException e) {
      return e instanceof ClassCastException ? "cast" : "null";
    } finally {
      calls++;
    }
  }

  public Object nestedTries(Object in) {
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      try {
        try {
          if (i == 1) {
            throw new IllegalStateException("one");
          }
          if (i == 2) {
            continue;
          }
          seen.append('a');
        } finally {
          seen.append(i);
        }
      } catch (IllegalStateException e) {
        seen.append(e.getMessage());
      }
    }
    return seen.toString();
  }

  public Object tryWithResources(Object in) throws Exception {
    List<String> seen = new ArrayList<>();
    try (AutoCloseable first = () -> seen.add("first");
        AutoCloseable second = () -> seen.add("second")) {
      seen.add(String.valueOf(first != second));
      return seen;
    }
  }

  public Object throwsUp(Object in) {
    if (in == null) {
      throw new IllegalArgumentException("in: null (expected: anything)");
    }
    return in.hashCode();
  }

  public Object throwsInFinally(Object in) {
    try {
      return in.toString();
    } finally {
      if (in == null) {
        throw new UnsupportedOperationException();
      }
    }
  }

  public synchronized Object synchronizedMethod(Object in) {
    return throwsUp(in);
  }

  public Object synchronizedBlock(Object in) {
    synchronized (lock) {
      synchronized (this) {
        if (in instanceof String) {
          return "string";
        }
      }
      return in.getClass().getName();
    }
  }

  public Object switches(Object in) {
    switch (String.valueOf(in)) {
      case "a":
        return 1;
      case "b":
      case "c":
        return 2L;
      case "null":
        break;
      default:
        return in.hashCode() % 3 == 0 ? 'x' : 3.0;
    }
    int n = calls & 3;
    switch (n) {
      case 0:
        return "zero";
      case 1:
        n = 5;
        break;
      default:
        n = 7;
    }
    return n;
  }

  public Object lambdas(Object in) {
    Supplier<Object> first = () -> in;
    Supplier<Object> second = first::get;
    return second.get() == null ? "null" : second.get();
  }

  public Object builds(Object in) {
    return new Built(in).toString();
  }

  public Object newInBranch(Object in) {
    return new StringBuilder(in == null ? "null" : in.toString())
        .append(calls > 0 ? 'y' : 'n')
        .toString();
  }

  public Object arrays(Object in) {
    int[][] grid = new int[3][4];
    for (int[] row : grid) {
      for (int i = 0; i < row.length; i++) {
        row[i] = i * row.length;
      }
    }
    return grid[1][2] + grid.length;
  }

  public Object recursion(Object in) {
    return calls++ % 5 == 4 ? in : recursion(in);
  }

  public static Object staticMethod(Object in) {
    if (in == null) {
      return "static null";
    }
    return in;
  }

  public static Object staticThrows(Object in) throws Exception {
    throw new Exception(String.valueOf(in));
  }
}
