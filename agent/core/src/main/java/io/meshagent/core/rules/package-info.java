/**
 * Settings that change while the program runs: documents in the registry and the configuration file
 * are checked as a whole, laid over the settings of the start, and what became of them is reported.
 *
 * <p>The way of a document: the registry's {@code WrittenDocument}, {@code Documents} (which has
 * changed; from here on a loop of its own), {@code FollowedDocument} (checked whole; the last good
 * one stays), {@code Documents} again (all good ones over the file's settings), {@code
 * CurrentSettings} and whoever watches them; then the report, back to the registry.
 *
 * <p>Imports: {@code core.api}, {@code core.config}, {@code core.log}, {@code core.registry},
 * {@code core.run}.
 */
package io.meshagent.core.rules;
