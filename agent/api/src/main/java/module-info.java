/** What own code tells the Breakwater agent; does nothing where there is none. */
module io.breakwater.api {
  requires static org.jspecify;

  exports io.breakwater.api;
}
