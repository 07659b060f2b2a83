package io.breakwater.collector.config;

import static java.util.Objects.requireNonNull;

import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.breakwater.collector.store.Retention;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.ModelPolicy;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What another configuration changes, in words without secrets. Immutable.
 *
 * @param changes what is in force from now on, old and new
 * @param restart what the file says and the next start will take
 */
public record ConfigDiff(List<Change> changes, List<Change> restart) {
  public ConfigDiff {
    changes = List.copyOf(changes);
    restart = List.copyOf(restart);
  }

  /**
   * One thing that changed.
   *
   * @param where such as {@code model credit} or {@code auth}
   * @param what such as {@code mode: observe -> enforce}
   */
  public record Change(String where, String what) {
    public Change {
      requireNonNull(where, "where");
      requireNonNull(what, "what");
    }

    @Override
    public String toString() {
      return where + ": " + what;
    }
  }

  /** What {@code after} changes. */
  public static ConfigDiff between(CollectorConfig before, CollectorConfig after) {
    return new Comparison(before, after).diff();
  }

  /** In one line. */
  public String summary() {
    if (changes.isEmpty() && restart.isEmpty()) {
      return "nothing changed";
    }
    List<String> parts = new ArrayList<>();
    changes.forEach(change -> parts.add(change.toString()));
    restart.forEach(change -> parts.add(change + " (at the next start)"));
    return String.join("; ", parts);
  }

  /** Two configurations and what was found between them. Used once. */
  private static final class Comparison {
    private static final String NONE = "none";

    private final CollectorConfig before;
    private final CollectorConfig after;
    private final List<Change> changes = new ArrayList<>();
    private final List<Change> restart = new ArrayList<>();

    Comparison(CollectorConfig before, CollectorConfig after) {
      this.before = before;
      this.after = after;
    }

    ConfigDiff diff() {
      models();
      byName("alert", AlertTarget::name, before.alerts(), after.alerts(), this::alert);
      byName("auth: token", Token::name, before.tokens(), after.tokens(), this::token);
      clients();
      if (!before.security().outgoing().equals(after.security().outgoing())) {
        changes.add(new Change("outgoing", "allow changed"));
      }
      retention();
      limits();
      whatNeedsARestart();
      return new ConfigDiff(changes, restart);
    }

    private void retention() {
      Retention was = before.retention();
      Retention is = after.retention();
      note(changes, "retention: decisions", shown(was.decisions()), shown(is.decisions()));
      note(changes, "retention: inputs", shown(was.inputs()), shown(is.inputs()));
      note(changes, "retention: replay", shown(was.replay()), shown(is.replay()));
      note(
          changes,
          "retention: journal-size",
          Values.shownBytes(was.journalBytes()),
          Values.shownBytes(is.journalBytes()));
      note(
          changes,
          "retention: replay-size",
          Values.shownBytes(was.replayBytes()),
          Values.shownBytes(is.replayBytes()));
    }

    private void limits() {
      Map<String, String> old = before.limits().shown();
      after
          .limits()
          .shown()
          .forEach(
              (key, is) ->
                  note(
                      key.equals("connections") ? restart : changes,
                      "limits: " + key,
                      Objects.requireNonNull(old.get(key)),
                      is));
    }

    private void whatNeedsARestart() {
      note(restart, "listen", before.listenInFile(), after.listenInFile());
      if (!Objects.equals(before.security().tls(), after.security().tls())) {
        String was = before.security().tls() == null ? "off" : "on";
        String is = after.security().tls() == null ? "off" : "on";
        String what = was.equals(is) ? "files or client-auth changed" : was + " -> " + is;
        restart.add(new Change("tls", what));
      }
    }

    private <T> void byName(
        String what, Function<T, String> name, List<T> old, List<T> now, Pair<T> compare) {
      Map<String, T> then = new LinkedHashMap<>();
      old.forEach(one -> then.put(name.apply(one), one));
      for (T one : now) {
        T was = then.remove(name.apply(one));
        String where = what + " " + name.apply(one);
        if (was == null) {
          changes.add(new Change(where, "added"));
        } else if (!was.equals(one)) {
          compare.compare(where, was, one);
        }
      }
      then.keySet().forEach(gone -> changes.add(new Change(what + " " + gone, "removed")));
    }

    private interface Pair<T> {
      void compare(String where, T was, T is);
    }

    private void alert(String where, AlertTarget was, AlertTarget is) {
      if (was instanceof AlertTarget.Webhook old && is instanceof AlertTarget.Webhook now) {
        if (!old.url().equals(now.url())) {
          changes.add(new Change(where, "address changed"));
        }
        if (!Objects.equals(old.secret(), now.secret())) {
          changes.add(new Change(where, "secret changed"));
        }
      } else {
        boolean same = kind(was).equals(kind(is));
        changes.add(new Change(where, same ? "address changed" : kind(was) + " -> " + kind(is)));
      }
    }

    private static String kind(Object of) {
      return words(of.getClass().getSimpleName()).replaceFirst("^-", "");
    }

    private void token(String where, Token was, Token is) {
      note(changes, where + ": role", word(was.role()), word(is.role()));
      if (!was.secret().equals(is.secret())) {
        changes.add(new Change(where, "secret changed"));
      }
    }

    private void clients() {
      Map<String, Role> old = before.security().clients();
      Map<String, Role> now = after.security().clients();
      Set<String> names = new LinkedHashSet<>(now.keySet());
      names.addAll(old.keySet());
      for (String name : names) {
        note(changes, "tls: client " + name, word(old.get(name)), word(now.get(name)));
      }
    }

    private static String word(@Nullable Role role) {
      return role == null ? NONE : role.name().toLowerCase(Locale.ROOT);
    }

    private static void note(List<Change> to, String where, Object was, Object is) {
      if (was instanceof Record old && is instanceof Record now) {
        components(old, now).forEach(what -> to.add(new Change(where, what)));
      } else if (!was.equals(is)) {
        to.add(new Change(where, was + " -> " + is));
      }
    }

    private void models() {
      byName("model", ModelRule::pattern, before.models(), after.models(), this::model);
      List<String> old = before.models().stream().map(ModelRule::pattern).toList();
      List<String> now = after.models().stream().map(ModelRule::pattern).toList();
      if (!old.equals(now) && new TreeSet<>(old).equals(new TreeSet<>(now))) {
        changes.add(new Change("models", "order changed: the first whose name fits counts"));
      }
    }

    private void model(String where, ModelRule was, ModelRule is) {
      ModelPolicy old = was.template();
      ModelPolicy now = is.template();
      guardrails(where, old.guardrails(), now.guardrails());
      note(changes, where + ": stable", orNone(old.stable()), orNone(now.stable()));
      note(changes, where + ": mode", lower(old.mode()), lower(now.mode()));
      note(changes, where + ": reference", old.reference(), now.reference());
      note(
          changes,
          where + ": false-alarms a day",
          old.driftAlarmsPerDay(),
          now.driftAlarmsPerDay());
      note(changes, where + ": warmup", old.warmUp(), now.warmUp());
      note(changes, where + ": breaker", old.breaker(), now.breaker());
      backend(where, was.backend(), is.backend());
      note(changes, where + ": alert", was.alerts(), is.alerts());
    }

    private static String orNone(@Nullable String text) {
      return text == null ? NONE : text;
    }

    private static String lower(Enum<?> word) {
      return word.name().toLowerCase(Locale.ROOT);
    }

    /** Names the keys only: values may hold secrets. */
    private void backend(
        String where, @Nullable Map<String, Object> was, @Nullable Map<String, Object> is) {
      if (was == null || is == null) {
        note(changes, where + ": backend", type(was), type(is));
        return;
      }
      note(changes, where + ": backend", type(was), type(is));
      Set<String> keys = new TreeSet<>(was.keySet());
      keys.addAll(is.keySet());
      keys.removeIf(key -> key.equals("type") || Objects.equals(was.get(key), is.get(key)));
      if (!keys.isEmpty()) {
        changes.add(new Change(where + ": backend", String.join(", ", keys) + " changed"));
      }
    }

    private static String type(@Nullable Map<String, Object> backend) {
      return backend == null ? NONE : String.valueOf(backend.get("type"));
    }

    /** Guardrails by name; of the others, those of one kind for one signal belong together. */
    private void guardrails(String where, List<Guardrail> old, List<Guardrail> now) {
      List<Guardrail> removed = new ArrayList<>(old);
      removed.removeAll(now);
      List<Guardrail> added = new ArrayList<>(now);
      added.removeAll(old);
      for (Guardrail is : List.copyOf(added)) {
        Guardrail was = counterpart(is, removed);
        if (was != null) {
          removed.remove(was);
          added.remove(is);
          String label = where + ": guardrail " + was.name();
          components((Record) was, (Record) is)
              .forEach(what -> changes.add(new Change(label, what)));
        }
      }
      added.forEach(is -> changes.add(new Change(where, "guardrail added: " + is.name())));
      removed.forEach(was -> changes.add(new Change(where, "guardrail removed: " + was.name())));
    }

    private static @Nullable Guardrail counterpart(Guardrail is, List<Guardrail> removed) {
      for (Guardrail was : removed) {
        if (was.name().equals(is.name()) && was.getClass().equals(is.getClass())) {
          return was;
        }
      }
      List<Guardrail> alike =
          removed.stream()
              .filter(was -> was.getClass().equals(is.getClass()))
              .filter(was -> was.signal().equals(is.signal()))
              .toList();
      return alike.size() == 1 ? alike.get(0) : null;
    }

    /** {@code max: 0.05 -> 0.1} for every component that differs. */
    private static List<String> components(Record was, Record is) {
      if (!was.getClass().equals(is.getClass())) {
        return List.of(kind(was) + " -> " + kind(is));
      }
      List<String> differences = new ArrayList<>();
      for (RecordComponent component : was.getClass().getRecordComponents()) {
        Object old = value(component, was);
        Object now = value(component, is);
        if (!Objects.equals(old, now)) {
          differences.add(words(component.getName()) + ": " + shown(old) + " -> " + shown(now));
        }
      }
      return differences;
    }

    private static @Nullable Object value(RecordComponent component, Record of) {
      try {
        return component.getAccessor().invoke(of);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("components of our own records can be read", e);
      }
    }

    private static String shown(@Nullable Object value) {
      if (value instanceof Enum<?> word) {
        return lower(word);
      }
      if (value instanceof Duration duration) {
        return duration.toString().replaceFirst("^PT", "").toLowerCase(Locale.ROOT);
      }
      return value == null ? NONE : value.toString();
    }

    /** {@code tripsBeforeLatch} as the file has it. */
    private static String words(String name) {
      return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
  }
}
