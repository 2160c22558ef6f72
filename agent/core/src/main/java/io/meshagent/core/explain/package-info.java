/**
 * Says why the calls of a method go where they go, and why they fail, and what becomes of them
 * where the program serves it: what the directory, the routes, the servers, the settings and the
 * policies have to say of them at one moment, in one answer. Makes no call and changes nothing.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}, {@code core.directory},
 * {@code core.policy}, {@code core.policy.base}, {@code core.route}, {@code
 * core.telemetry.metrics}.
 */
package io.meshagent.core.explain;
