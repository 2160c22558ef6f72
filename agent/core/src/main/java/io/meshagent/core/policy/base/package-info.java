/**
 * What a policy is to the compiler of plans: its keys, its stage for a method, and what it shows.
 * Each policy has a package beside this one.
 *
 * <p>Imports: {@code core.api}, {@code core.call}, {@code core.config}.
 */
package io.meshagent.core.policy.base;
