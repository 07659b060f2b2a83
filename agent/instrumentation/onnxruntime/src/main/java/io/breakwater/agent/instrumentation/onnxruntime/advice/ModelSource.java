package io.breakwater.agent.instrumentation.onnxruntime.advice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a session was made from. */
final class ModelSource {
  private static final int DIGITS = 12;
  private static final int CHUNK = 1 << 16;

  private final Object source;

  private ModelSource(Object source) {
    this.source = source;
  }

  /**
   * A source.
   *
   * @param source a file's name, or the model's bytes as array or buffer
   */
  static ModelSource of(Object source) {
    return new ModelSource(
        source instanceof ByteBuffer ? ((ByteBuffer) source).duplicate() : source);
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
   * The first hex digits of the model's SHA-256. Reading a large file takes seconds, so that is
   * left to another thread; memory is read here and now: it is the application's, who may change or
   * free it as soon as its session is there.
   */
  CompletableFuture<String> digest() {
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
      try (InputStream in = Files.newInputStream(Path.of((String) source))) {
        byte[] chunk = new byte[CHUNK];
        int length = in.read(chunk);
        while (length >= 0) {
          sha.update(chunk, 0, length);
          length = in.read(chunk);
        }
      }
    }
    return sha.digest();
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
