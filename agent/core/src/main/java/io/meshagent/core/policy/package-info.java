/**
 * The policies, each a stage compiled from its settings, and the pipelines that list them. Imports
 * api, config and log.
 */
package io.meshagent.core.policy;
