package io.breakwater.collector.backtest;

import io.breakwater.engine.Evidence;

/**
 * A guardrail breached.
 *
 * @param row the last row that the decision had seen, from 0
 */
public record Breach(long row, Evidence evidence) {}
