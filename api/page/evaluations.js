// The service's evaluations and generations, as they come over HTTP.

import { request, send } from "./service.js";

/**
 * @typedef {"right" | "retrieval_missed" | "reader_missed" | "wrongly_abstained" |
 *     "wrongly_answered" | "failed"} Outcome
 *
 * @typedef {object} Evaluation
 * @property {string} id
 * @property {string} created_at
 * @property {string | null} by
 * @property {string} index_version
 * @property {string | null} reader
 * @property {number} questions
 * @property {number} of
 * @property {Partial<Record<Outcome, number>>} outcomes
 * @property {Record<string, {value: number | null, low: number | null, high: number | null}>} measures
 * @property {boolean} whole
 *
 * @typedef {object} Missed
 * @property {string} id
 * @property {string | null} question
 * @property {Outcome} outcome
 * @property {string[]} expected
 * @property {string | null} given
 * @property {string | null} error
 *
 * @typedef {object} EvaluationJob
 * @property {string} id
 * @property {"running" | "succeeded" | "failed" | "cancelled"} status
 * @property {{questions_done: number, questions: number} | null} progress
 * @property {string | null} error
 * @property {Evaluation | null} evaluation
 * @property {Missed[]} missed
 *
 * @typedef {object} MeasureChange
 * @property {string} name
 * @property {boolean} higher_is_better
 * @property {number | null} old
 * @property {number | null} new
 * @property {number | null} delta
 * @property {number | null} p
 *
 * @typedef {object} QuestionChange
 * @property {string} id
 * @property {string | null} question
 * @property {"better" | "worse" | "changed"} verdict
 * @property {string | null} old_answer
 * @property {string | null} new_answer
 *
 * @typedef {object} Comparison
 * @property {number} compared
 * @property {MeasureChange[]} measures
 * @property {QuestionChange[]} changes
 *
 * @typedef {object} Generation
 * @property {string} index_version
 * @property {string} created_at
 * @property {number} articles
 * @property {number} chunks
 * @property {boolean} current
 * @property {{refused_at: string, by: string | null, reason: string} | null} refused
 */

const JSON_HEADERS = { "Content-Type": "application/json" };

/** @returns {Promise<EvaluationJob>} */
export function startEvaluation() {
  return send("v1/evaluations", "admin", { method: "POST", headers: JSON_HEADERS, body: "{}" });
}

/** @returns {Promise<{running: EvaluationJob | null, evaluations: Evaluation[]}>} */
export function readEvaluations() {
  return send("v1/evaluations", "admin");
}

/**
 * @param {string} id
 * @returns {Promise<EvaluationJob>}
 */
export function readEvaluation(id) {
  return send(`v1/evaluations/${encodeURIComponent(id)}`, "admin");
}

/**
 * @param {string} id
 * @returns {Promise<EvaluationJob>}
 */
export function cancelEvaluation(id) {
  return send(`v1/evaluations/${encodeURIComponent(id)}/cancel`, "admin", { method: "POST" });
}

/**
 * @param {string} id
 * @returns {Promise<Blob>} an HTML file
 */
export async function fetchReport(id) {
  const response = await request(`v1/evaluations/${encodeURIComponent(id)}/report`, "admin");
  return response.blob();
}

/**
 * @param {string} old id of an evaluation
 * @param {string} recent id of a later one
 * @returns {Promise<Comparison>}
 */
export function compareEvaluations(old, recent) {
  const query = new URLSearchParams({ old, new: recent });
  return send(`v1/evaluations/comparison?${query}`, "admin");
}

/** @returns {Promise<{generations: Generation[]}>} */
export function readGenerations() {
  return send("v1/index/generations", "admin");
}

/**
 * @param {string} version of a generation that is kept
 * @returns {Promise<{generations: Generation[]}>}
 */
export function rollBack(version) {
  const body = JSON.stringify({ index_version: version });
  return send("v1/index/rollback", "admin", { method: "POST", headers: JSON_HEADERS, body });
}

/**
 * @param {string} version of a generation that is kept
 * @param {string} reason why nothing is to go back to it
 * @returns {Promise<{generations: Generation[]}>} after the one before is served, where it was current
 */
export function refuseGeneration(version, reason) {
  const body = JSON.stringify({ reason });
  return send(refusalOf(version), "admin", { method: "PUT", headers: JSON_HEADERS, body });
}

/**
 * @param {string} version of a generation that was refused
 * @returns {Promise<{generations: Generation[]}>}
 */
export function allowGeneration(version) {
  return send(refusalOf(version), "admin", { method: "DELETE" });
}

/** @param {string} version */
function refusalOf(version) {
  return `v1/index/generations/${encodeURIComponent(version)}/refusal`;
}
