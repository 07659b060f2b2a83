package io.breakwater.collector.runtime;

import io.breakwater.engine.Pane;
import java.util.List;

/** What panes leave behind for people to look at. */
public final class Recent {
  private Recent() {}

  public static RecentSignals of(List<Pane> panes) {
    RecentSignals recent = new RecentSignals(new CellQuota(1_000_000));
    panes.forEach(recent::add);
    return recent;
  }
}
