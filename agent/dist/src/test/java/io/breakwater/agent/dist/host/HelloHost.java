package io.breakwater.agent.dist.host;

/** Says what it was told, and ends as it was told. */
public final class HelloHost {
  private HelloHost() {}

  public static void main(String[] arguments) {
    System.out.println("hello");
    if (arguments.length == 0) {
      return;
    }
    if (arguments[0].equals("throw")) {
      throw new IllegalStateException("as told");
    }
    System.exit(Integer.parseInt(arguments[0]));
  }
}
