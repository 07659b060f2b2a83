package io.breakwater.collector.store;

/**
 * A message that must reach somebody.
 *
 * @param id unique within the journal; 0 for a message that is not in it
 * @param target name of the alert target
 * @param message what the message is about; a later one of the same name replaces it
 * @param body what is sent
 */
public record OutboxMessage(long id, String target, String message, String body) {}
