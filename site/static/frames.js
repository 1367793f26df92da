// A slider under a picture shows frames that were drawn beforehand in the picture's place.
for (const slide of document.querySelectorAll(".slide")) {
  const frames = JSON.parse(slide.dataset.frames);
  const input = slide.querySelector("input");
  const output = slide.querySelector("output");
  const image = slide.closest(".touch").previousElementSibling.querySelector("img");
  const file = (number) => slide.dataset.path + String(number).padStart(2, "0") + ".png";
  const fetchAll = () => frames.forEach((_, number) => { new Image().src = file(number); });
  slide.hidden = false;
  input.addEventListener("pointerdown", fetchAll, { once: true });
  input.addEventListener("input", () => {
    const { value, alt } = frames[input.value];
    image.src = file(input.value);
    image.alt = alt;
    image.closest("a")?.setAttribute("href", image.src);
    output.textContent = value;
    input.setAttribute("aria-valuetext", alt);
  });
}
