package io.breakwater.collector.runtime;

import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration as lanes ask it. Immutable. */
record Rules(CollectorConfig config) {
  /** The rule for {@code model}, or null when none fits. */
  @Nullable ModelRule of(String model) {
    for (ModelRule rule : config.models()) {
      if (rule.fits(model)) {
        return rule;
      }
    }
    return null;
  }

  /** The policy of {@code model}: that of its rule, or one that watches and judges nothing. */
  ModelPolicy policy(String model) {
    ModelRule rule = of(model);
    return rule != null
        ? rule.policyFor(model)
        : ModelPolicy.of(
            model, null, Mode.OBSERVE, List.of(), BreakerSettings.DEFAULTS, null, config.digest());
  }

  /** Names of the models that are configured by name rather than by glob. */
  List<String> namedModels() {
    return config.models().stream()
        .map(ModelRule::pattern)
        .filter(pattern -> pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0)
        .toList();
  }
}
