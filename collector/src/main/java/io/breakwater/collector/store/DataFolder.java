package io.breakwater.collector.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The folder that one collector keeps its files in; locked while it runs. */
public final class DataFolder implements AutoCloseable {
  private static final String LOCK = "collector.lock";

  private final Path folder;
  private final FileChannel channel;

  private DataFolder(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Opens and locks a folder; makes it when it is absent.
   *
   * @throws StoreException when it cannot be written or another collector uses it
   */
  public static DataFolder open(Path folder) {
    FileChannel channel;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StoreException(
          "data folder "
              + folder
              + ": cannot be written: "
              + e
              + " (expected: a folder that this"
              + " user may write, see --data)",
          e);
    }
    if (lock(channel) == null) {
      close(channel);
      throw new StoreException(
          "data folder "
              + folder
              + ": in use by another collector (expected: one collector per"
              + " folder, see --data)");
    }
    return new DataFolder(folder, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process holds it
    } catch (IOException e) {
      throw new StoreException("data folder: cannot be locked: " + e, e);
    }
  }

  /** The decision journal. */
  public Path journal() {
    return folder.resolve("journal.db");
  }

  /** The history of states. */
  public Path history() {
    return folder.resolve("history.db");
  }

  /** What was received lately. */
  public Path replay() {
    return folder.resolve("replay.db");
  }

  /** Bytes of each file on disk, what waits in its log included; 0 for one that is not there. */
  Map<String, Long> sizes() {
    Map<String, Long> sizes = new TreeMap<>();
    for (Path file : List.of(journal(), history(), replay())) {
      String name = String.valueOf(file.getFileName());
      sizes.put(name, size(file) + size(folder.resolve(name + "-wal")));
    }
    return sizes;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // not there, or gone a moment ago
    }
  }

  /** Lets the folder go. */
  @Override
  public void close() {
    close(channel);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("data folder: lock cannot be let go: " + e, e);
    }
  }
}
