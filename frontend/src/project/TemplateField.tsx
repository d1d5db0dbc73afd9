import { t } from "../text/text";
import { Skeleton } from "../ui/Trouble";
import { words } from "../wire/api";
import { type Template, useTemplates } from "./projects";

interface Props {
  chosen: string | undefined;
  onChoose: (template: Template) => void;
}

/** Small projects that build and test themselves; one that the sandbox lacks programs for says which. */
export function TemplateField({ chosen, onChoose }: Props) {
  const templates = useTemplates(true);
  if (templates.isPending) return <Skeleton label={t("Loading templates")} />;
  if (templates.isError)
    return (
      <p className="wrong" role="alert">
        {words(templates.error)}
      </p>
    );
  if (templates.data.length === 0) return <p className="hint">{t("This server has no templates.")}</p>;
  return (
    <fieldset className="templates bare">
      <legend className="vh">{t("Template")}</legend>
      {templates.data.map((template) => {
        const lacks = template.missing.length > 0;
        return (
          <label key={template.name} className={lacks ? "off" : ""}>
            <input
              type="radio"
              name="template"
              disabled={lacks}
              checked={template.name === chosen}
              onChange={() => onChoose(template)}
            />
            <span>
              {template.title}
              <span className="hint block">{template.description}</span>
              {lacks && (
                <span className="hint block lacks">
                  {t("Not possible here: the sandbox has no {programs}.", { programs: template.missing.join(", ") })}
                </span>
              )}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
