package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;

/** Ends in ways that are not a return from main. */
public final class EndingHost {
  private static final int CALLS = 100;
  private static final long LONG_ENOUGH_MILLIS = 1_500;

  private EndingHost() {}

  public static void main(String[] arguments) {
    String how = arguments[0];
    if (!how.equals("first-model-in-hook")) {
      predict("before");
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> hook(how)));
    System.out.println("ends by " + how);
    System.exit(3);
  }

  private static void hook(String how) {
    switch (how) {
      case "halt-in-hook":
        sleep();
        Runtime.getRuntime().halt(7);
        break;
      case "exit-in-hook":
        Thread exiting = new Thread(() -> System.exit(9));
        exiting.setDaemon(true);
        exiting.start();
        sleep();
        break;
      case "throw-in-hook":
        throw new IllegalStateException("as told");
      default:
        predict("late");
        sleep();
        break;
    }
  }

  private static void predict(String model) {
    for (int call = 0; call < CALLS; call++) {
      Breakwater.inference(model, "1").score(0.5).end();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(LONG_ENOUGH_MILLIS);
    } catch (InterruptedException e) {
      System.out.println("interrupted");
    }
  }
}
