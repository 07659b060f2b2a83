package io.breakwater.collector.runtime;

import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.reference.ReferenceSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as lanes ask it.
 *
 * @param given references that were sent to the collector, by model; may change at any time
 */
record Rules(CollectorConfig config, Map<String, ReferenceSet> given) {
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
    if (rule == null) {
      return ModelPolicy.of(
          model, null, Mode.OBSERVE, List.of(), BreakerSettings.DEFAULTS, null, config.digest());
    }
    ModelPolicy policy = rule.policyFor(model);
    ReferenceSet sent = given.get(model);
    return hasReferenceFile(model) || sent == null
        ? policy
        : policy.comparedWith(new ReferenceSource.Prepared(sent.digest()));
  }

  /** Whether the reference of {@code model} is a file. */
  boolean hasReferenceFile(String model) {
    ModelRule rule = of(model);
    return rule != null && rule.reference() != null;
  }

  /** The prepared reference in force for {@code model}: its file, else what was sent; or null. */
  @Nullable ReferenceSet reference(String model) {
    ModelRule rule = of(model);
    if (rule == null) {
      return null;
    }
    return rule.reference() != null ? rule.reference() : given.get(model);
  }

  /** Names of the models that are configured by name rather than by glob. */
  List<String> namedModels() {
    return config.models().stream()
        .map(ModelRule::pattern)
        .filter(pattern -> pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0)
        .toList();
  }
}
