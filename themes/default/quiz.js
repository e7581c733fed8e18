
// Interactive quizzes: multiple choice and true-or-false. Without scripts, questions and answers are shown with links between
// them. `data-answers` has the solution of each question: the letter of a choice, `true`, `false`, or nothing.

// Opens collapsed boxes that contain the target of a followed link.
function reveal(hash) {
  let target = null;
  try {
    target = document.getElementById(decodeURIComponent(hash.slice(1)));
  } catch {
    return;
  }
  for (const box of [target?.querySelector(":scope > details"), target?.closest("details")]) if (box) box.open = true;
}
document.addEventListener("click", (event) => reveal(event.target.closest?.('a[href^="#"]')?.hash ?? ""));
addEventListener("hashchange", () => reveal(location.hash));
reveal(location.hash);

const make = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });

function ask(question, solution, explained, name, answered) {
  const statement = solution.length > 1;
  const choices = statement ? make("ul") : question.querySelector(":scope > ol");
  if (!choices) return false;
  if (statement) choices.append(make("li", words.true), make("li", words.false));
  const right = statement ? Number(solution !== "true") : solution.charCodeAt(0) - 97;
  const options = [...choices.children].map((choice) => {
    const option = Object.assign(make("input"), { type: "radio", name });
    const text = make("span");
    text.append(...choice.childNodes);
    const label = make("label");
    label.append(option, text);
    choice.append(label);
    return option;
  });
  const form = Object.assign(make("form"), { className: "mlsys-quiz" });
  const group = make("fieldset");
  const asked = question.querySelector(":scope > p");
  if (asked) {
    asked.id ||= `${name}-text`;
    group.setAttribute("aria-labelledby", asked.id);
  } else {
    group.setAttribute("aria-label", question.firstChild?.textContent.trim() ?? "");
  }
  const verdict = make("div");
  verdict.setAttribute("role", "status");
  question.insertBefore(form, statement ? null : choices);
  group.append(choices);
  const button = make("button", words.check);
  form.append(group, button, verdict);
  let done = false;
  const again = () => {
    done = false;
    button.textContent = words.check;
    verdict.replaceChildren();
    for (const choice of choices.children) choice.classList.remove("mlsys-right", "mlsys-wrong");
    answered();
  };
  // Another choice is a new attempt.
  form.addEventListener("change", () => done && again());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (done) {
      form.reset();
      again();
      return options[0]?.focus();
    }
    const chosen = options.findIndex((option) => option.checked);
    if (chosen < 0) return options[0]?.focus();
    options.forEach((option, i) => {
      const choice = option.closest("li");
      choice.classList.toggle("mlsys-right", i === right);
      choice.classList.toggle("mlsys-wrong", i === chosen && i !== right);
    });
    // The explanation: the answer without the question and its choices.
    const parts = [...(explained?.children ?? [])].slice(1).filter((part) => part.tagName !== "OL").map((part) => part.cloneNode(true));
    const line = make("p");
    line.append(make("strong", chosen === right ? words.right : words.wrong));
    verdict.replaceChildren(line, ...parts);
    done = true;
    button.textContent = words.again;
    answered();
  });
  return true;
}

for (const box of all(".callout-quiz-question[data-answers]")) {
  const answers = document.getElementById(box.id.replace("quiz-question-", "quiz-answer-"));
  const explained = answers?.querySelector("ol")?.children ?? [];
  const solutions = box.dataset.answers.split(",");
  // How many questions are answered, and of how many.
  const progress = Object.assign(make("p"), { className: "mlsys-quiz-progress" });
  let count = 0;
  const show = () => {
    const done = [...box.querySelectorAll("form.mlsys-quiz")].filter((form) => form.querySelector(".mlsys-right")).length;
    progress.textContent = `${done} / ${count}`;
  };
  [...(box.querySelector("ol")?.children ?? [])].forEach((question, i) => {
    if (solutions[i] && ask(question, solutions[i], explained[i], `${box.id}-${i + 1}`, show)) count += 1;
  });
  if (count > 1) {
    show();
    box.querySelector("ol")?.after(progress);
  }
}
