package io.breakwater.agent.core.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a model was loaded from. */
public final class ModelSource {
  private static final int DIGITS = 12;
  private static final int CHUNK = 1 << 16;

  private final Object source;

  private ModelSource(Object source) {
    this.source = source;
  }

  /**
   * A source.
   *
   * @param source name or path of a file or a folder, or the model's bytes as array or buffer
   */
  public static ModelSource of(Object source) {
    if (source instanceof ByteBuffer) {
      return new ModelSource(((ByteBuffer) source).duplicate());
    }
    return new ModelSource(source instanceof Path ? source.toString() : source);
  }

  /** Name of the file without folder and ending; null if it is not a file. */
  @Nullable String fileName() {
    if (!(source instanceof String)) {
      return null;
    }
    Path name = Path.of((String) source).getFileName();
    if (name == null) {
      return null;
    }
    String text = name.toString();
    int dot = text.lastIndexOf('.');
    return dot > 0 ? text.substring(0, dot) : text;
  }

  /**
   * The first hex digits of the model's SHA-256; of a folder, that of the names and contents of its
   * files in the order of their names. Reading a large file takes seconds, so that is left to
   * another thread; memory is read here and now: it is the application's, who may change or free it
   * as soon as its session is there.
   */
  public CompletableFuture<String> digest() {
    CompletableFuture<String> digest = new CompletableFuture<>();
    if (!(source instanceof String)) {
      complete(digest);
    } else if (!Digests.INSTANCE.offer(() -> complete(digest))) {
      digest.completeExceptionally(new IllegalStateException("too many models at once"));
    }
    return digest;
  }

  private void complete(CompletableFuture<String> digest) {
    try {
      digest.complete(hex(digestNow()));
    } catch (Exception | Error e) { // then the version stays unknown
      digest.completeExceptionally(e);
    }
  }

  private byte[] digestNow() throws IOException, NoSuchAlgorithmException {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    if (source instanceof byte[]) {
      sha.update((byte[]) source);
    } else if (source instanceof ByteBuffer) {
      sha.update(((ByteBuffer) source).duplicate());
    } else {
      digest(Path.of((String) source), sha);
    }
    return sha.digest();
  }

  private static void digest(Path path, MessageDigest sha) throws IOException {
    if (!Files.isDirectory(path)) {
      digestFile(path, sha);
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      Iterator<Path> files = all.filter(Files::isRegularFile).sorted().iterator();
      while (files.hasNext()) {
        Path file = files.next();
        sha.update(path.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digestFile(file, sha);
      }
    }
  }

  private static void digestFile(Path file, MessageDigest sha) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK];
      int length = in.read(chunk);
      while (length >= 0) {
        sha.update(chunk, 0, length);
        length = in.read(chunk);
      }
    }
  }

  private static String hex(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < DIGITS / 2; i++) {
      hex.append(Character.forDigit((bytes[i] >> 4) & 15, 16));
      hex.append(Character.forDigit(bytes[i] & 15, 16));
    }
    return hex.toString();
  }
}
