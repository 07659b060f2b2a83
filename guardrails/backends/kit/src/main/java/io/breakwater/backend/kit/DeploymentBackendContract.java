package io.breakwater.backend.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.SettingException;
import io.breakwater.engine.backend.TargetView;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every deployment backend does and does not do, whatever its target. A backend's test extends
 * this class and says how to start a target; tests of faults that the target cannot be given are
 * skipped by name.
 */
public abstract class DeploymentBackendContract {
  /** Well above the 2 s that one call may take, so that only a hanging call fails. */
  private static final Duration HANGING = Duration.ofSeconds(10);

  private static final Map<String, Double> CANARY = Map.of("1", 0.8, "2", 0.2);

  private final List<AutoCloseable> open = new ArrayList<>();
  private int shifts;

  /** The provider under test, made as {@link ServiceLoader} makes it. */
  protected abstract DeploymentBackendProvider provider();

  /** Starts a target that serves the versions named, with these shares. */
  protected abstract ContractTarget start(Map<String, Double> shares) throws Exception;

  /** How far a share of a running target may be from the one asked for; 0 is always exact. */
  protected double shareTolerance() {
    return 1e-6;
  }

  @AfterEach
  final void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void provider_isFoundByItsName() {
    assertThat(ServiceLoader.load(DeploymentBackendProvider.class))
        .filteredOn(found -> found.name().equals(provider().name()))
        .singleElement()
        .isExactlyInstanceOf(provider().getClass());
  }

  @Test
  void unknownSetting_isNamed() throws Exception {
    ContractTarget target = target(CANARY);
    Map<String, Object> settings = new HashMap<>(target.settings());
    settings.put("colour", "blue");
    BackendSettings wrong = BackendSettings.of("credit", settings);
    assertThatThrownBy(() -> provider().create(wrong))
        .isInstanceOfSatisfying(
            SettingException.class, e -> assertThat(e.path()).isEqualTo("colour"));
  }

  @Test
  void missingSettings_areAnError() {
    assertThatThrownBy(() -> provider().create(BackendSettings.of("credit", new HashMap<>())))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void describe_showsSharesAndWhoIsReady() throws Exception {
    ContractTarget target = target(CANARY);
    TargetView view = backend(target).describe();
    assertShares(view.shares(), CANARY);
    assertThat(view.ready()).containsExactlyInAnyOrder("1", "2");
    assertThat(backend(target).describe())
        .as("the same while nothing changes, whoever asks")
        .isEqualTo(view);
  }

  @Test
  void describe_seesWhatOthersDo() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    TargetView before = backend.describe();
    target.write(Map.of("1", 0.5, "2", 0.5));
    assertShares(backend.describe().shares(), Map.of("1", 0.5, "2", 0.5));
    assertThat(backend.describe().token()).isNotEqualTo(before.token());
  }

  @Test
  void plan_touchesNothing() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    OptionalLong changes = target.changes();
    TrafficShift shift = shift("2", "1", 0);
    Plan plan = backend.plan(shift, backend.describe());
    assertThat(plan.id()).isEqualTo(shift.id());
    assertThat(plan.shift()).isEqualTo(shift);
    assertShares(plan.before(), CANARY);
    assertShares(plan.after(), Map.of("1", 1.0, "2", 0.0));
    assertThat(plan.description()).isNotBlank();
    assertShares(target.shares(), CANARY);
    assertThat(target.changes()).isEqualTo(changes);
  }

  @Test
  void planForAnUnknownVersion_isRefusedNamingTheKnown() throws Exception {
    DeploymentBackend backend = backend(target(CANARY));
    TargetView seen = backend.describe();
    assertThatThrownBy(() -> backend.plan(shift("9", "1", 0), seen))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("9")
        .hasMessageContaining("[1, 2]");
  }

  @Test
  void planBeyondWhatTheTargetHas_isRefused() throws Exception {
    DeploymentBackend backend = backend(target(Map.of("1", 0.2, "2", 0.2, "3", 0.6)));
    TargetView seen = backend.describe();
    assertThatThrownBy(() -> backend.plan(shift("2", "1", 0.5), seen))
        .isInstanceOf(BackendException.class);
  }

  @Test
  void apply_movesTraffic_andZeroIsZero() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    Plan plan = backend.plan(shift("2", "1", 0), backend.describe());
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.PENDING);
    assertThat(backend.apply(plan).kind()).isEqualTo(ApplyOutcome.Kind.APPLIED);
    assertThat(target.shares()).containsEntry("2", 0.0).containsEntry("1", 1.0);
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.CONVERGED);
  }

  @Test
  void partialShares_areBroughtAbout() throws Exception {
    ContractTarget target = target(Map.of("1", 1.0, "2", 0.0));
    DeploymentBackend backend = backend(target);
    converge(backend, shift("2", "1", 0.01));
    assertShares(target.shares(), Map.of("1", 0.99, "2", 0.01));
    converge(backend, shift("2", "1", 0));
    assertShares(target.shares(), Map.of("1", 1.0, "2", 0.0));
    converge(backend, shift("2", "1", 0.2));
    assertShares(target.shares(), CANARY);
  }

  @Test
  void canaryThatHasEverything_givesItBack() throws Exception {
    ContractTarget target = target(Map.of("1", 0.0, "2", 1.0));
    converge(backend(target), shift("2", "1", 0));
    assertShares(target.shares(), Map.of("1", 1.0, "2", 0.0));
  }

  @Test
  void thirdVersion_keepsItsShare() throws Exception {
    ContractTarget target = target(Map.of("1", 0.7, "2", 0.2, "3", 0.1));
    converge(backend(target), shift("2", "1", 0));
    assertShares(target.shares(), Map.of("1", 0.9, "2", 0.0, "3", 0.1));
  }

  @Test
  void repeatedApply_hasNoFurtherEffect() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    Plan plan = backend.plan(shift("2", "1", 0), backend.describe());
    backend.apply(plan);
    OptionalLong changes = target.changes();
    assertThat(backend.apply(plan).kind()).isEqualTo(ApplyOutcome.Kind.ALREADY);
    assertThat(backend(target).apply(plan).kind())
        .as("a collector that restarted in between")
        .isEqualTo(ApplyOutcome.Kind.ALREADY);
    assertThat(target.changes()).isEqualTo(changes);
    assertShares(target.shares(), Map.of("1", 1.0, "2", 0.0));
  }

  @Test
  void targetThatIsAlreadyAsPlanned_isLeftAlone() throws Exception {
    ContractTarget target = target(Map.of("1", 1.0, "2", 0.0));
    DeploymentBackend backend = backend(target);
    OptionalLong changes = target.changes();
    Plan plan = backend.plan(shift("2", "1", 0), backend.describe());
    assertThat(backend.apply(plan).kind()).isEqualTo(ApplyOutcome.Kind.ALREADY);
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.CONVERGED);
    assertThat(target.changes()).isEqualTo(changes);
  }

  @Test
  void stalePlan_isNotApplied_andAFreshOneIs() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    TrafficShift shift = shift("2", "1", 0);
    Plan stale = backend.plan(shift, backend.describe());
    target.write(Map.of("1", 0.5, "2", 0.5));
    OptionalLong changes = target.changes();
    assertThat(backend.apply(stale).kind()).isEqualTo(ApplyOutcome.Kind.STALE);
    assertShares(target.shares(), Map.of("1", 0.5, "2", 0.5));
    assertThat(target.changes()).isEqualTo(changes);
    converge(backend, shift);
    assertShares(target.shares(), Map.of("1", 1.0, "2", 0.0));
  }

  @Test
  void foreignWriteAfterApply_isDivergence() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    Plan plan = backend.plan(shift("2", "1", 0), backend.describe());
    backend.apply(plan);
    target.write(Map.of("1", 0.25, "2", 0.75));
    Verification verification = backend.verify(plan);
    assertThat(verification.kind()).isEqualTo(Verification.Kind.DIVERGED);
    assertThat(verification.detail()).contains("0.75");
  }

  @Test
  void lyingTarget_isNotVerified() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    Plan plan = backend.plan(shift("2", "1", 0), backend.describe());
    suffer(target, Fault.LYING);
    assertThat(backend.apply(plan).kind()).isEqualTo(ApplyOutcome.Kind.APPLIED);
    assertThat(backend.verify(plan).kind()).isNotEqualTo(Verification.Kind.CONVERGED);
    assertShares(target.shares(), CANARY);
  }

  @Test
  void refusingTarget_isNamed() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    Plan plan = backend.plan(shift("2", "1", 0), backend.describe());
    suffer(target, Fault.REFUSING);
    assertFailsNaming(target, () -> backend.apply(plan));
  }

  @Test
  void slowTarget_isGivenUpInTime() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    Plan plan = backend.plan(shift("2", "1", 0), backend.describe());
    suffer(target, Fault.SLOW);
    assertFailsNaming(target, backend::describe);
    assertFailsNaming(target, () -> backend.apply(plan));
    assertFailsNaming(target, () -> backend.verify(plan));
  }

  @Test
  void goneTarget_isNamed() throws Exception {
    ContractTarget target = target(CANARY);
    DeploymentBackend backend = backend(target);
    Plan plan = backend.plan(shift("2", "1", 0), backend.describe());
    suffer(target, Fault.GONE);
    assertFailsNaming(target, backend::describe);
    assertFailsNaming(target, () -> backend.apply(plan));
    assertFailsNaming(target, () -> backend.verify(plan));
    assertThatCode(() -> backend(target))
        .as("creating a backend opens no connection")
        .doesNotThrowAnyException();
  }

  @Test
  void close_mayBeRepeated() throws Exception {
    DeploymentBackend backend = backend(target(CANARY));
    backend.describe();
    backend.close();
    assertThatCode(backend::close).doesNotThrowAnyException();
    DeploymentBackend unused = backend(target(CANARY));
    unused.close();
    assertThatCode(unused::close).doesNotThrowAnyException();
  }

  /** A shift with an id of its own. */
  protected final TrafficShift shift(String version, String to, double share) {
    String decision = "20261121T022000.000Z-credit-2-" + ++shifts;
    return new TrafficShift(decision + ".1", decision, "credit", version, to, share);
  }

  /** Starts a target that ends with the test. */
  protected final ContractTarget target(Map<String, Double> shares) throws Exception {
    ContractTarget target = start(shares);
    open.add(target);
    return target;
  }

  /** A new backend for a target; it ends with the test. */
  protected final DeploymentBackend backend(ContractTarget target) {
    DeploymentBackend backend = provider().create(BackendSettings.of("credit", target.settings()));
    open.add(backend);
    return backend;
  }

  private static void converge(DeploymentBackend backend, TrafficShift shift) throws Exception {
    Plan plan = backend.plan(shift, backend.describe());
    assertThat(backend.apply(plan).kind()).isEqualTo(ApplyOutcome.Kind.APPLIED);
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.CONVERGED);
  }

  private static void suffer(ContractTarget target, Fault fault) throws Exception {
    assumeTrue(target.faults().contains(fault), "this target cannot be " + fault + ": skipped");
    target.suffer(fault);
  }

  private static void assertFailsNaming(ContractTarget target, ThrowingCallable call) {
    assertTimeoutPreemptively(
        HANGING,
        () ->
            assertThatThrownBy(call)
                .isInstanceOf(BackendException.class)
                .hasMessageContaining(target.name()));
  }

  private void assertShares(Map<String, Double> actual, Map<String, Double> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (version, share) ->
            assertThat(actual.get(version))
                .as("share of version " + version)
                .isEqualTo(share, within(share == 0 ? 0 : shareTolerance())));
  }
}
