// The part of OpenAPI that our CRD is written in. The types demand a description of every
// field and a bound on every string, list and map, so that forgetting one does not compile.

export type Schema = (
  | TextSchema
  | EnumSchema
  | IntegerSchema
  | BooleanSchema
  | ListSchema
  | MapSchema
  | ObjectSchema
) & {
  readonly description?: string;
  /** null stays null and reaches the rules; without it the API server takes null for absent. */
  readonly nullable?: true;
  readonly 'x-kubernetes-validations'?: readonly Rule[];
};

export interface TextSchema {
  readonly type: 'string';
  readonly format?: 'date-time';
  readonly maxLength: number;
  readonly default?: string;
}

export interface EnumSchema {
  readonly type: 'string';
  readonly enum: readonly string[];
  readonly default?: string;
}

export interface IntegerSchema {
  readonly type: 'integer';
  readonly format: 'int32' | 'int64';
  readonly minimum: number;
}

export interface BooleanSchema {
  readonly type: 'boolean';
}

export interface ListSchema {
  readonly type: 'array';
  readonly items: Schema;
  readonly minItems?: number;
  readonly maxItems: number;
  readonly 'x-kubernetes-list-type': 'atomic' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

export interface MapSchema {
  readonly type: 'object';
  readonly additionalProperties: Schema;
  readonly maxProperties: number;
}

export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema & { readonly description: string }>>;
  readonly required?: readonly string[];
  readonly default?: object;
  readonly 'x-kubernetes-map-type'?: 'atomic';
}

/** A CEL rule: false refuses, with the message, or with what messageExpression makes of the value. */
export interface Rule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  /** The field that is named as the bad one, such as `.server`. */
  readonly fieldPath?: string;
}

/** The TypeScript type of what a schema admits, defaults filled in. */
export type FromSchema<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'integer' }
      ? number
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly items: infer I }
          ? FromSchema<I>[]
          : S extends { readonly additionalProperties: infer V }
            ? Record<string, FromSchema<V>>
            : S extends { readonly properties: infer P }
              ? FromProperties<P, Named<S>>
              : never;

type FromProperties<P, Required> = Flat<
  { -readonly [K in keyof P as K extends Required | Defaulted<P> ? K : never]: FromSchema<P[K]> } & {
    -readonly [K in keyof P as K extends Required | Defaulted<P> ? never : K]?: FromSchema<P[K]>;
  }
>;

type Named<S> = S extends { readonly required: readonly (infer K)[] } ? K : never;
type Defaulted<P> = { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P];
type Flat<T> = { [K in keyof T]: T[K] };
