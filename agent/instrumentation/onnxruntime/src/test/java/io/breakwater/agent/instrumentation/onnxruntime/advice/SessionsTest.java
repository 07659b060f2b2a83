package io.breakwater.agent.instrumentation.onnxruntime.advice;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.instrumentation.onnxruntime.OnnxModel;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final Sessions sessions = new Sessions();

  private static OrtSession create() throws OrtException {
    return ENVIRONMENT.createSession(OnnxModel.binary(1).bytes());
  }

  @Test
  void eachSession_hasItsOwnEntryForGood() throws OrtException {
    List<OrtSession> opened = new ArrayList<>();
    Map<Session, OrtSession> entries = new IdentityHashMap<>();
    for (int i = 0; i < 12; i++) {
      OrtSession session = create();
      opened.add(session);
      entries.put(sessions.of(session), session);
    }
    assertThat(entries).hasSize(12);
    for (OrtSession session : opened) {
      assertThat(entries.get(sessions.of(session))).isSameAs(session);
      session.close();
    }
  }

  @Test
  void sessionsThatAreGone_areForgotten() throws OrtException {
    WeakReference<OrtSession> gone = addOne();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (gone.get() != null && System.nanoTime() < deadline) {
      System.gc();
    }
    assertThat(gone.get()).isNull();
  }

  private WeakReference<OrtSession> addOne() throws OrtException {
    OrtSession session = create();
    sessions.of(session);
    session.close();
    return new WeakReference<>(session);
  }
}
